import { awayProblem, problemFrom } from './problem';
import { noteAway, noteReached } from './reachability';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** One call. Throws an `ApiProblem` on anything but success; answers `undefined` when there is no body. */
export async function call<T>(method: Method, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: { Accept: 'application/json', ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    noteAway();
    throw awayProblem();
  }
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
