/** A failure inside an execution: what `ErrorEquals` matches, and its cause. */
export class StatesError extends Error {
  override readonly name = 'StatesError';
  readonly error: string;
  readonly cause_: string;
  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause_ = cause;
  }
}
export const queryError = (cause: string) => new StatesError('States.QueryEvaluationError', cause);

/** Errors no retrier or catcher takes by a wildcard: "Handling errors in Step Functions workflows", Error names. */
const ONLY_BY_NAME = ['States.DataLimitExceeded', 'States.Runtime'];

/** Whether a list of `ErrorEquals` names this error. */
export function matches(errorEquals: string[], error: string): boolean {
  return errorEquals.some((name) => {
    if (name === error) return true;
    if (name === 'States.ALL') return !ONLY_BY_NAME.includes(error);
    if (name === 'States.TaskFailed') return error !== 'States.Timeout' && !ONLY_BY_NAME.includes(error);
    return false;
  });
}
