import createClient, { type Client } from 'openapi-fetch';
import type { ApiError, paths } from './schema';

export type BerthClient = Client<paths>;

export interface ClientOptions {
  /** Origin of the API, e.g. `http://localhost:4000`; empty for the page's own. */
  origin: string;
  /** A personal access token; a browser sends its cookie instead. */
  token?: string | undefined;
  /** Sent as `User-Agent` where that is allowed. */
  userAgent?: string | undefined;
  fetch?: typeof fetch | undefined;
}

/** What the API answered instead of what was asked for. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly code: string;
  /** What to do next. */
  readonly next: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly requestId: string | undefined;

  constructor(
    readonly status: number,
    body: Partial<ApiError>,
  ) {
    super(body.message ?? `The API answered with status ${status}.`);
    this.code = body.code ?? 'INTERNAL';
    this.next = body.next ?? '';
    this.details = body.details ?? {};
    this.requestId = body.requestId;
  }
}

/** The API could not be reached at all. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';

  constructor(
    readonly origin: string,
    cause: unknown,
  ) {
    super(`There is no answer from ${origin || 'the API'}.`, { cause });
  }
}

/** A client whose paths, parameters and answers are typed by the API's own document. */
export function berthClient({ origin, token, userAgent, fetch: customFetch }: ClientOptions): BerthClient {
  const send = customFetch ?? globalThis.fetch;
  return createClient<paths>({
    baseUrl: origin,
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(userAgent ? { 'User-Agent': userAgent } : {}),
    },
    fetch: async (request) => {
      try {
        return await send(request);
      } catch (cause) {
        if (request.signal.aborted) throw cause;
        throw new ApiUnreachable(origin, cause);
      }
    },
  });
}

/**
 * The answer of a call, or the error it gave.
 * @example const { items } = await answerOf(client.GET('/v1/apps'));
 * @throws ApiFailure for an error answer, ApiUnreachable without any
 */
export async function answerOf<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (response.ok) return data as T;
  throw new ApiFailure(response.status, isErrorBody(error) ? error : {});
}

function isErrorBody(error: unknown): error is ApiError {
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error;
}
