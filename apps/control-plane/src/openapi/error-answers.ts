import { catalogue, type ErrorCode } from '@berth/errors/catalogue';
import type { OpenAPIObject } from '@nestjs/swagger';
import { failsExtension } from './fails';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;

const always: ErrorCode[] = ['INPUT_INVALID', 'TOO_MANY_REQUESTS', 'UNAVAILABLE', 'INTERNAL'];
const withBody: ErrorCode[] = ['JSON_MALFORMED', 'JSON_TOO_DEEP', 'BODY_TOO_LARGE', 'MEDIA_TYPE_UNSUPPORTED'];
const withAccount: ErrorCode[] = ['SIGN_IN_REQUIRED', 'TOKEN_SCOPE_MISSING', 'ORIGIN_REFUSED'];

const errorSchema = {
  type: 'object',
  required: ['code', 'message', 'next', 'details'],
  properties: {
    code: { type: 'string', enum: Object.keys(catalogue).sort(), description: 'Stable; docs/errors.md lists them.' },
    message: { type: 'string', description: 'What went wrong, for the person.' },
    next: { type: 'string', description: 'What to do next.' },
    details: { type: 'object', additionalProperties: true, description: 'The values in the message.' },
    requestId: { type: 'string', description: 'Tell it to the operator.' },
  },
};

/** Documents the errors of one operation: those of the API as a whole and those named by `@Fails`. One answer a status, listing its codes. */
export function addErrorAnswers(operation: Operation, document: OpenAPIObject): void {
  document.components ??= {};
  document.components.schemas ??= {};
  document.components.schemas.ApiError ??= errorSchema as never;
  const extended = operation as Operation & { [failsExtension]?: ErrorCode[] };
  const own = extended[failsExtension] ?? [];
  delete extended[failsExtension];
  const isPublic = operation.security?.length === 0;
  const codes = [...always, ...(operation.requestBody ? withBody : []), ...(isPublic ? [] : withAccount), ...own];
  for (const status of [...new Set(codes.map((code) => catalogue[code].status))].sort()) {
    const here = [...new Set(codes.filter((code) => catalogue[code].status === status))].sort();
    operation.responses[status] = {
      description: here.map((code) => `\`${code}\``).join(', '),
      content: { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } },
    };
  }
}
