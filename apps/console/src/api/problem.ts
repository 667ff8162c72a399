/** An answer of the API that is not a success: the catalogue's sentence and what to do next. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly next: string,
    readonly requestId: string | null = null,
    readonly details: Record<string, unknown> = {},
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
    const found = problems.map(String).find((problem) => problem.startsWith(`${field}: `));
    return found ? sentence(found.slice(field.length + 2)) : null;
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

/** Reads the body of an error answer. Whatever is no body of the catalogue comes from something in between. */
export function problemFrom(status: number, body: unknown): ApiProblem {
  if (isErrorBody(body))
    return new ApiProblem(status, body.code, body.message, body.next ?? '', body.requestId ?? null, body.details ?? {});
  if (status === 0 || status === 502 || status === 503 || status === 504) return awayProblem();
  return new ApiProblem(
    status,
    'UNEXPECTED_ANSWER',
    `Berth answered in an unexpected way (${status}).`,
    'Try again in a moment.',
  );
}

interface ErrorBody {
  code: string;
  message: string;
  next?: string;
  requestId?: string;
  details?: Record<string, unknown>;
}

function isErrorBody(body: unknown): body is ErrorBody {
  return typeof body === 'object' && body !== null && 'code' in body && 'message' in body;
}

function sentence(text: string): string {
  const trimmed = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
