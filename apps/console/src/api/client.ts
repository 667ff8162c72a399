import { awayProblem, problemFrom } from './problem';
import { noteAway, noteReached } from './reachability';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One call. Throws an `ApiProblem` on anything but success; answers `undefined` when there is no body. */
export async function call<T>(method: Method, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const request: RequestInit = {
    method,
    headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  };
  const repeatable = method === 'GET' || 'Idempotency-Key' in headers;
  const response = await reach(path, request, repeatable ? [200, 600] : []);
  const text = await response.text();
  const answer: unknown = text ? parse(text) : undefined;
  if (response.ok) {
    noteReached();
    return answer as T;
  }
  const problem = problemFrom(response.status, answer);
  if (problem.isAway) noteAway();
  else noteReached();
  throw problem;
}

/**
 * Fetches, again after each of `pauses` (ms): a browser cuts every connection when the machine's network changes, which on the machine
 * that runs the apps happens whenever one is made.
 */
async function reach(path: string, request: RequestInit, pauses: number[]): Promise<Response> {
  try {
    return await fetch(path, request);
  } catch {
    const [pause, ...later] = pauses;
    if (pause === undefined) {
      noteAway();
      throw awayProblem();
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    return reach(path, request, later);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
