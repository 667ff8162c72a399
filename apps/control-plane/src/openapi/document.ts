import { version } from '@berth/config/version';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { cleanupOpenApiDoc } from 'nestjs-zod';
import { type Access, accessExtension } from '../http/identity';
import { addErrorAnswers } from './error-answers';
import { restoreZodForms, tidySchemas } from './tidy-schemas';

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

/** The OpenAPI 3.1 document of the whole API, the same on every machine. */
export function openapiDocument(api: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Berth')
    .setDescription(
      'The API of the Berth control plane. Every error has the form of the schema `ApiError`; docs/errors.md lists the codes.',
    )
    .setVersion(version)
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'A personal access token, brt_….' }, 'accessToken')
    .addCookieAuth('__Host-berth', { type: 'apiKey', in: 'cookie', description: 'The session of the console.' }, 'session')
    .build();
  const raw = SwaggerModule.createDocument(api, config);
  const aliases = restoreZodForms(raw);
  const document = tidySchemas(cleanupOpenApiDoc(raw, { version: '3.1' }), aliases);
  for (const operation of operationsOf(document)) {
    describeAccess(operation);
    addErrorAnswers(operation, document);
  }
  return sorted(document);
}

function* operationsOf(document: OpenAPIObject): Generator<Operation> {
  for (const item of Object.values(document.paths))
    for (const method of methods) {
      const operation = item[method];
      if (operation) yield operation;
    }
}

/** Turns what the guard goes by into `security` and a sentence. */
function describeAccess(operation: Operation): void {
  const extended = operation as Operation & { [accessExtension]?: Access };
  const access = extended[accessExtension];
  if (!access) throw new Error(`${operation.operationId} does not say who may call it`);
  delete extended[accessExtension];
  operation.security = access.kind === 'public' ? [] : [{ accessToken: [] }, { session: [] }];
  if (access.kind !== 'scope') return;
  const operator = access.operator ? ' For the operator alone.' : '';
  operation.description = [operation.description, `Scope of an access token: \`${access.scope}\`.${operator}`]
    .filter(Boolean)
    .join('\n\n');
}

/** Paths and schemas by name, so that the order of imports does not change the committed file. */
function sorted(document: OpenAPIObject): OpenAPIObject {
  const byName = <T>(entries: Record<string, T>): Record<string, T> =>
    Object.fromEntries(Object.entries(entries).sort(([one], [other]) => (one < other ? -1 : 1)));
  document.paths = byName(document.paths);
  if (document.components?.schemas) document.components.schemas = byName(document.components.schemas);
  return document;
}
