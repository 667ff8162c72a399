import type { IncomingMessage } from 'node:http';
import type { Middleware } from 'parse-server/lib/middlewares';
import { servingOf } from '../http/serving';

import middlewares = require('parse-server/lib/middlewares');

interface ParsedRequest extends IncomingMessage {
  body?: unknown;
}

/**
 * Parse Server has no hook between reading a body and checking the keys in it. Each of its routers takes this middleware from the module
 * when an app is built, so it is wrapped there, once, before the first.
 */
export function patchParseServer(): void {
  const original: Middleware = middlewares.handleParseHeaders;
  middlewares.handleParseHeaders = (request, response, next) => {
    adjustBody(request);
    return original(request, response, next);
  };
}

function adjustBody(request: ParsedRequest): void {
  const serving = servingOf(request);
  if (!serving || request.body === undefined) return;
  if (Buffer.isBuffer(request.body)) {
    // a file that an SDK sends as JSON, keys and all
    if (serving.keys.pending && !request.headers['x-parse-application-id']) request.body = translateBuffer(request.body, serving);
    return;
  }
  serving.keys.translateBody(request.body);
  stripGatewayPaths(request.body);
}

function translateBuffer(body: Buffer, { keys }: NonNullable<ReturnType<typeof servingOf>>): Buffer {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    keys.translateBody(parsed);
    return Buffer.from(JSON.stringify(parsed));
  } catch {
    return body;
  }
}

/** The paths inside a batch are those of the client, who may reach the app as `/@slug/parse`: the gateway cuts that off the URL, not off these. */
function stripGatewayPaths(body: unknown): void {
  const requests = (body as { requests?: unknown } | null)?.requests;
  if (!Array.isArray(requests)) return;
  for (const each of requests) {
    if (typeof each?.path === 'string' && each.path.startsWith('/@')) each.path = each.path.replace(/^\/@[^/]*/, '');
  }
}
