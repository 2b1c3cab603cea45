import type { ChoiceState, FailState, State, TaskState, WaitState } from './definition.ts';
import type { Bindings, Evaluator } from './expressions.ts';
import { queryError, StatesError } from './states-error.ts';

/** Where a state leads. No `next`: the execution ends with this output. */
export type Outcome = { output: unknown; assigned: Record<string, unknown>; next?: string };
type Scope = { input: unknown; context: unknown; variables: Record<string, unknown> };

/** Input, output and variables of a state: 256 KiB (Developer Guide, "Quotas related to state machine executions"). */
export const MAX_DATA_BYTES = 262_144;
const MAX_SECONDS = 99_999_999;

/** What a state makes of its input, apart from doing a task and from waiting. */
export function createStates({ evaluate }: Evaluator) {
  const bindings = ({ input, context, variables }: Scope, more: object = {}): Bindings => ({
    states: { input, context, ...more },
    variables,
  });
  const apply = async (
    fields: { Output?: unknown; Assign?: Record<string, unknown> },
    bound: Bindings,
    fallback: unknown,
  ): Promise<Omit<Outcome, 'next'>> => {
    const output = fields.Output === undefined ? fallback : await evaluate(fields.Output, bound);
    const assigned = fields.Assign === undefined ? {} : await evaluate(fields.Assign, bound);
    limit(output);
    // Evaluating an object's values keeps it an object.
    return { output, assigned: assigned as Record<string, unknown> };
  };
  const wholeSeconds = async (value: unknown, scope: Scope, field: string): Promise<number> => {
    const seconds = await evaluate(value, bindings(scope));
    if (typeof seconds === 'number' && Number.isInteger(seconds) && seconds >= 0 && seconds <= MAX_SECONDS)
      return seconds;
    throw queryError(
      `The field ${field} must be an integer from 0 to ${MAX_SECONDS}, but is ${JSON.stringify(seconds)}.`,
    );
  };

  return {
    /** The end of a Pass, Wait or Task; `result` only of a Task. */
    async leave(
      state: Exclude<State, ChoiceState | FailState>,
      scope: Scope,
      result?: { value: unknown },
    ): Promise<Outcome> {
      const bound = bindings(scope, result ? { result: result.value } : {});
      const applied = await apply(state, bound, result ? result.value : scope.input);
      return { ...applied, next: 'Next' in state ? state.Next : undefined };
    },
    async choose(state: ChoiceState, scope: Scope): Promise<Outcome> {
      for (const choice of state.Choices) {
        const isTrue = await evaluate(choice.Condition, bindings(scope));
        if (typeof isTrue !== 'boolean') throw queryError(`Condition '${choice.Condition}' is not a boolean.`);
        if (isTrue) return { ...(await apply(choice, bindings(scope), scope.input)), next: choice.Next };
      }
      if (state.Default === undefined)
        throw new StatesError('States.NoChoiceMatched', 'No choice matched and there is no Default.');
      return { ...(await apply(state, bindings(scope), scope.input)), next: state.Default };
    },
    /** What a catcher makes of an error. */
    async caught(
      catcher: NonNullable<TaskState['Catch']>[number],
      scope: Scope,
      { error, cause_ }: StatesError,
    ): Promise<Outcome> {
      const errorOutput = { Error: error, Cause: cause_ };
      const applied = await apply(catcher, bindings(scope, { errorOutput }), errorOutput);
      return { ...applied, next: catcher.Next };
    },
    async failure(state: FailState, scope: Scope): Promise<StatesError> {
      const text = async (value: string | undefined) => String(await evaluate(value ?? '', bindings(scope)));
      return new StatesError(await text(state.Error), await text(state.Cause));
    },
    /** Virtual ms at which a Wait ends. */
    async waitUntil(state: WaitState, scope: Scope, now: number): Promise<number> {
      if (state.Seconds !== undefined) return now + 1000 * (await wholeSeconds(state.Seconds, scope, 'Seconds'));
      const timestamp = String(await evaluate(state.Timestamp, bindings(scope)));
      const isRfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(timestamp);
      if (!isRfc3339) throw queryError(`The field Timestamp is not an RFC 3339 timestamp: ${timestamp}`);
      return Date.parse(timestamp);
    },
    async taskArguments(state: TaskState, scope: Scope): Promise<unknown> {
      return state.Arguments === undefined ? scope.input : evaluate(state.Arguments, bindings(scope));
    },
    async timeoutMs(state: TaskState, scope: Scope): Promise<number | undefined> {
      if (state.TimeoutSeconds === undefined) return undefined;
      return 1000 * (await wholeSeconds(state.TimeoutSeconds, scope, 'TimeoutSeconds'));
    },
  };
}
export type States = ReturnType<typeof createStates>;

function limit(value: unknown): void {
  const size = Buffer.byteLength(JSON.stringify(value) ?? '');
  if (size > MAX_DATA_BYTES)
    throw new StatesError('States.DataLimitExceeded', `The output is ${size} bytes, more than ${MAX_DATA_BYTES}.`);
}
