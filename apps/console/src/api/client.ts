import { ApiFailure, ApiUnreachable, answerOf, berthClient } from '@berth/client/client';
import { ApiProblem, awayProblem } from './problem';
import { noteAway, noteReached } from './reachability';

/** Waits before a cut request is sent again, in ms. */
const pauses = [200, 600];

/** The typed client of the page's own origin. Its answers go through `ask`. */
export const api = berthClient({ origin: '', fetch: send });

/**
 * The answer of a call.
 * @throws ApiProblem for anything but success
 */
export async function ask<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  try {
    const answer = await answerOf(call);
    noteReached();
    return answer;
  } catch (error) {
    const problem = problemOf(error);
    if (problem.isAway) noteAway();
    else noteReached();
    throw problem;
  }
}

function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiUnreachable) return awayProblem();
  if (!(error instanceof ApiFailure)) throw error;
  const { status, code, message, next, requestId, details } = error;
  // No body of ours: a proxy answers in the API's place.
  if (next === '' && status >= 502 && status <= 504) return awayProblem();
  return new ApiProblem(status, code, message, next, requestId ?? null, details);
}

function send(input: URL | RequestInfo, init?: RequestInit): Promise<Response> {
  const request = new Request(input, init);
  return reach(request, isRepeatable(request) ? pauses : []);
}

/** Reading, and what carries an idempotency key, does no harm twice. */
function isRepeatable(request: Request): boolean {
  return request.method === 'GET' || request.headers.has('Idempotency-Key');
}

/**
 * Sends a request, again after each pause: a browser cuts every connection when the machine's network changes, which on the machine that
 * runs the apps happens whenever one is made.
 */
async function reach(request: Request, [pause, ...later]: number[]): Promise<Response> {
  try {
    return await fetch(pause === undefined ? request : request.clone());
  } catch (error) {
    if (pause === undefined || request.signal.aborted) throw error;
    await new Promise((resolve) => setTimeout(resolve, pause));
    return reach(request, later);
  }
}
