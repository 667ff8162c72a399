import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Middleware } from 'parse-server/lib/middlewares';
import type { ExpressApp } from 'parse-server/lib/ParseServer';
import { refusalFor } from '../admission/admission';
import { classifyGraphQL, logInFields } from '../admission/classify-graphql';
import { cold } from '../cold';
import { type Refusal, sendJson } from '../http/answers';
import { servingOf } from '../http/serving';
import type { ParseApp } from '../parse/parse-app';
import { largestBody } from '../parse/parse-options';

import middlewares = require('parse-server/lib/middlewares');

type Handler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/**
 * The GraphQL API of a ParseApp, built with the first request: its packages and its schema weigh more than all else together. The order is
 * ParseGraphQLServer.applyGraphQL's, with the admission put in where the operation is known.
 */
export function buildGraphQL(app: ParseApp): Handler {
  const express = require('express') as { (): ExpressApp; json(options: object): Middleware };
  const { ParseGraphQLServer } =
    require('parse-server/lib/GraphQL/ParseGraphQLServer') as typeof import('parse-server/lib/GraphQL/ParseGraphQLServer');
  const upload = cold<{ default?: UploadModule } & UploadModule>('graphql-upload/graphqlUploadExpress.js');
  const { config, server } = app;
  const graphql = new ParseGraphQLServer(server, {
    graphQLPath: '/graphql',
    graphQLPublicIntrospection: config.parse.graphql.introspectionForPublic,
  });
  const api = express();
  api.disable('x-powered-by');
  api.disable('etag');
  api.set('trust proxy', 1);
  api.use(middlewares.allowCrossDomain(config.applicationId));
  api.use(middlewares.handleParseHeaders);
  api.use(middlewares.handleParseSession);
  api.use(middlewares.handleParseErrors);
  api.use((upload.default ?? upload)({ maxFileSize: config.parse.fileUpload.maxUploadBytes, maxFiles: 10 }));
  api.use(express.json({ limit: largestBody(config) }));
  api.use(admit);
  api.use(async (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const serve = await graphql._getServer();
    return serve(request, response, next);
  });
  return api;
}

type UploadModule = (options: { maxFileSize: number; maxFiles: number }) => Middleware;

interface ParsedRequest extends IncomingMessage {
  ip: string;
  body?: unknown;
  auth?: unknown;
  info?: unknown;
  config?: { rateLimits?: RateLimit[] };
}

interface RateLimit {
  path: { regexp?: RegExp } & RegExp;
  handler(request: object, response: object, next: (error?: unknown) => void): Promise<void>;
}

async function admit(request: ParsedRequest, response: ServerResponse, next: () => void): Promise<void> {
  const serving = servingOf(request);
  const { effect, mutations } = classifyGraphQL(request.body);
  const refusal = serving ? refusalFor(serving.config.admission, effect) : null;
  if (refusal) return refuse(response, refusal);
  const attempts = mutations.filter((name) => logInFields.has(name)).length;
  for (let i = 0; i < attempts; i++) {
    const message = await countLogIn(request);
    if (message) return refuse(response, { status: 429, code: 100, errorCode: 'RATE_LIMITED', error: message });
  }
  next();
}

/** Counts a log-in in the same windows as `POST /login`, as Parse Server does for batches. Gives the refusal's text, or null. */
async function countLogIn(request: ParsedRequest): Promise<string | null> {
  for (const limit of request.config?.rateLimits ?? []) {
    if (!(limit.path.regexp ?? limit.path).test('/login')) continue;
    const attempt = { ip: request.ip, method: 'POST', config: request.config, auth: request.auth, info: request.info };
    let refused: unknown;
    await limit.handler(attempt, { setHeader() {} }, (error) => {
      refused = error;
    });
    if (refused) return (refused as { message?: string }).message ?? 'Too many requests.';
  }
  return null;
}

/** In GraphQL's shape and in Parse's, so that both kinds of client show it. */
function refuse(response: ServerResponse, { status, code, error, errorCode, details }: Refusal): void {
  const extensions = { code, errorCode, ...details };
  sendJson(response, status, { errors: [{ message: error, extensions }], code, error, errorCode, ...details });
}
