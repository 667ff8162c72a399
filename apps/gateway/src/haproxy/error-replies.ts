import { BerthError, type ErrorDetails } from '@berth/errors/berth-error';
import type { ErrorCode } from '@berth/errors/catalogue';

/** A browser shows an error of another origin only with these; what the app itself answers stays as the app sent it. */
export const corsHeaders: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'Retry-After, X-Request-Id',
};

/** The answer to what a browser asks before it sends a request that is going to be refused: without it the refusal is never shown. */
export const preflightHeaders: Readonly<Record<string, string>> = {
  ...corsHeaders,
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'Access-Control-Allow-Headers': '%[req.hdr(access-control-request-headers)]',
  'Access-Control-Max-Age': '0',
};

/** How the values that are known only when it happens are written into the JSON. */
export interface LiveValues {
  requestId: string;
  /** Bytes; for `BODY_TOO_LARGE`. */
  limit?: string;
}

const idMark = '<request id>';
const limitMark = '<limit>';

/** The JSON of an error, with `live` in the places of what is filled in later. */
export function errorTemplate(code: ErrorCode, live: LiveValues, details: ErrorDetails = {}): string {
  const limited: ErrorDetails = live.limit === undefined ? {} : { limit: `${limitMark} bytes` };
  const body = { ...new BerthError(code, { ...limited, ...details, requestId: idMark }).toBody(idMark), details };
  return JSON.stringify(live.limit === undefined ? body : { ...body, details: { ...details, limit: limitMark } })
    .replace(`"limit":"${limitMark}"`, `"limit":${live.limit}`)
    .replace(limitMark, () => live.limit ?? '')
    .replaceAll(idMark, () => live.requestId);
}

/** The same as a format string of HAProxy, which fills in what is live. */
export function errorFormat(code: ErrorCode, details: ErrorDetails = {}): string {
  const limit = code === 'BODY_TOO_LARGE' ? { limit: limitMark } : {};
  return errorTemplate(code, { requestId: idMark, ...limit }, details)
    .replaceAll('%', '%%')
    .replaceAll(limitMark, '%[var(txn.max_body)]')
    .replaceAll(idMark, '%[var(txn.request_id)]');
}
