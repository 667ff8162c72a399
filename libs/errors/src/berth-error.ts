import { catalogue, type ErrorCode } from './catalogue';

export type ErrorDetails = Record<string, string | number | boolean | string[] | null>;

/** An error a person may see. The catalogue gives its status and sentences; `details` fill them and are sent along. */
export class BerthError extends Error {
  override readonly name = 'BerthError';

  constructor(
    readonly code: ErrorCode,
    readonly details: ErrorDetails = {},
    options?: { cause?: unknown },
  ) {
    super(fill(catalogue[code].sentence, details), options);
  }

  get status(): number {
    return catalogue[this.code].status;
  }

  /** What the person can do next. */
  get next(): string {
    return fill(catalogue[this.code].next, this.details);
  }

  /** The body every error answer of the API has. */
  toBody(requestId?: string): ErrorBody {
    return {
      code: this.code,
      message: this.message,
      next: this.next,
      details: this.details,
      ...(requestId ? { requestId } : {}),
    };
  }
}

export interface ErrorBody {
  code: string;
  message: string;
  next: string;
  details: ErrorDetails;
  requestId?: string;
}

function fill(sentence: string, details: ErrorDetails): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = details[name];
    if (value === undefined || value === null) return whole;
    return Array.isArray(value) ? value.join('; ') : String(value);
  });
}
