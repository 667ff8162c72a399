import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RuntimeAdmission } from '@berth/contracts/runtime-config';
import { parseCode, type Refusal, refuse } from '../http/answers';
import { servingOf } from '../http/serving';
import { classifyRequest, type Effect } from './classify-request';

/** Why a request is refused in this mode; null when it may pass. */
export function refusalFor(admission: RuntimeAdmission, effect: Effect): Refusal | null {
  switch (admission.mode) {
    case 'open':
      return null;
    case 'maintenance':
      return {
        status: 503,
        code: parseCode.connectionFailed,
        errorCode: 'APP_MAINTENANCE',
        error: admission.message,
        retryAfterSeconds: 60,
      };
    case 'read-only':
      if (!['delete', 'update', 'grow'].includes(effect)) return null;
      return {
        status: 403,
        code: parseCode.forbidden,
        errorCode: 'APP_READ_ONLY',
        error: `This app is read-only. ${admission.reason}`,
      };
    case 'no-growth':
      return effect === 'grow' ? quotaExceeded(admission) : null;
  }
}

function quotaExceeded({ meter, value, limit, measuredAt }: Extract<RuntimeAdmission, { mode: 'no-growth' }>): Refusal {
  return {
    status: 402,
    code: parseCode.exceededQuota,
    errorCode: 'QUOTA_EXCEEDED',
    error: `This app is over its limit of ${meter}: ${value} of ${limit}, measured at ${measuredAt}. It can still read, delete and export.`,
    details: { meter, value, limit, measuredAt },
  };
}

/** What Parse Server has made of a request by the time it calls its `requestContextMiddleware`: method and body are the real ones. */
interface ParsedRequest extends IncomingMessage {
  path: string;
  body?: unknown;
}

/** Runs inside Parse Server, after it has read body, `_method` and keys, and before it routes. */
export function admissionMiddleware(request: ParsedRequest, response: ServerResponse, next: () => void): void {
  const serving = servingOf(request);
  const admission = serving?.config.admission;
  const open = !admission || admission.mode === 'open';
  const refusal = open ? null : refusalFor(admission, classifyRequest(request.method ?? 'GET', request.path, request.body));
  if (refusal) refuse(response, refusal);
  else next();
}

/** Files do not pass Parse Server's hook; what they do shows in method and path. */
export function refusalForFile(admission: RuntimeAdmission, method: string | undefined, path: string): Refusal | null {
  if (admission.mode === 'open' || !/^\/+files(\/|$)/i.test(path)) return null;
  return refusalFor(admission, classifyRequest(method ?? 'GET', path, null));
}
