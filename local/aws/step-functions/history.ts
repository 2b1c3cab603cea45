import type { State } from './definition.ts';

/**
 * "Step Functions has a hard quota of 25,000 entries in the execution event history": the last of them is the end of the
 * execution, and when that is not its success, it fails (Developer Guide, "Avoid reaching the history quota").
 */
export const MAX_EVENTS = 25_000;

/** What an execution that reached it says; the guide does not tell, reports of people whom it met do. */
export const TOO_MANY_EVENTS = {
  error: 'States.Runtime',
  cause: `The execution reached the maximum number of history events (${MAX_EVENTS}).`,
};

// Names of events: API reference, HistoryEvent.
/** `TaskScheduled` and `TaskStarted`, or those of `LambdaFunction`; again with each retry. */
export const TASK_BEGUN = 2;
/** `TaskSucceeded`, or for each attempt that fails `TaskFailed`, `TaskTimedOut` or `EvaluationFailed`. */
export const TASK_OVER = 1;
/** `…StateEntered`, `ExecutionStarted`. */
export const ENTERED = 1;
/** `…StateExited`, which a Fail has not. */
export const exited = (state: State): number => (state.Type === 'Fail' ? 0 : 1);
