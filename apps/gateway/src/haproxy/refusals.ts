import { catalogue, type ErrorCode } from '@berth/errors/catalogue';
import { corsHeaders } from './error-replies';

/** Why the gateway itself answers, as HAProxy's variable `txn.refused` says it. */
export interface Refusal {
  reason: string;
  code: ErrorCode;
  status: number;
  details: Record<string, number>;
  headers: Readonly<Record<string, string>>;
}

/** The last one stands for every other reason too: a policy of a kind that this version does not know shuts out. */
export const refusals: readonly Refusal[] = [
  refusal('unknown', 'HOST_UNKNOWN'),
  refusal('suspended', 'APP_SUSPENDED', 60),
  refusal('rate', 'TOO_MANY_REQUESTS', 1, { seconds: 1 }),
  refusal('size', 'BODY_TOO_LARGE'),
  refusal('maintenance', 'APP_MAINTENANCE', 30),
];

/** The headers of every error that the gateway itself answers. */
export function errorHeaders(retryAfter?: number): Record<string, string> {
  return {
    ...corsHeaders,
    'Cache-Control': 'no-store',
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
  };
}

function refusal(reason: string, code: ErrorCode, retryAfter?: number, details: Record<string, number> = {}): Refusal {
  return { reason, code, status: catalogue[code].status, details, headers: errorHeaders(retryAfter) };
}
