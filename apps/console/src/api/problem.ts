import { asSentence } from '../components/in-sentence';

/** An answer of the API that is not a success: the catalogue's sentence and what to do next. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly next: string,
    readonly requestId: string | null = null,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  /** The API did not answer at all, or a proxy answered in its place. */
  get isAway(): boolean {
    return this.code === 'API_AWAY';
  }

  /** What is wrong with one field of the request, from the `field: problem` texts of INPUT_INVALID. */
  fieldProblem(field: string): string | null {
    const problems = this.details.problems;
    if (!Array.isArray(problems)) return null;
    const found = problems.map(String).find((problem) => fieldOf(problem) === field);
    return found ? asSentence(found.slice(found.indexOf(': ') + 2)) : null;
  }
}

export function awayProblem(): ApiProblem {
  return new ApiProblem(
    0,
    'API_AWAY',
    'Berth does not answer right now.',
    'Check your connection; this page tries again by itself.',
  );
}

/** Any thrown thing as a problem that can be shown. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem(0, 'CONSOLE_ERROR', 'Something went wrong in this page.', 'Reload it; if it stays, tell the operator.');
}

/** `identity.masterKey: …` is about the field `masterKey`. */
function fieldOf(problem: string): string | undefined {
  return problem.split(': ', 1)[0]?.split('.').at(-1);
}
