import type { ErrorCode } from './error-codes.ts';

/** One thing wrong with a request. `pointer` is a JSON pointer into the body, or `header:Name` / `query:name`. */
export type FieldError = { pointer: string; code: string; message: string };

/** A part of a job that is done in steps, as the caller sees it. */
export type ReportedStep = {
  name: string;
  status: 'done' | 'failed' | 'skipped' | 'not_reached';
  /** In words: what was found, or what is wrong. */
  detail: string | null;
};

type Details = {
  errors?: FieldError[];
  /** How far the job came that failed. */
  steps?: readonly ReportedStep[];
  /** Overrides the row, where Meta's code says more than ours (`whatsapp_error`). */
  retryable?: boolean;
  retryAfterSeconds?: number;
  fix?: string;
  /** Meta's error object, unchanged: contract §3. */
  whatsappError?: { error: unknown };
  headers?: Record<string, string>;
};

/** Thrown wherever a request is refused; becomes a problem document at the edge (shared/http/problem.ts). */
export class ApiError extends Error {
  // Set by hand: bundling renames classes.
  override readonly name = 'ApiError';
  readonly code: ErrorCode;
  readonly details: Details;

  /** @param message the document's `detail`: helps the caller and repeats none of the input */
  constructor(code: ErrorCode, message: string, details: Details = {}, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.details = details;
  }
}
