import type { Clock } from '../../clock.ts';
import type { Definition, State, TaskState } from './definition.ts';
import type { ExecutionRecord, ExecutionStatus } from './execution-record.ts';
import { ENTERED, exited, MAX_EVENTS, TASK_BEGUN, TASK_OVER, TOO_MANY_EVENTS } from './history.ts';
import type { Outcome, States } from './states.ts';
import { matches, StatesError } from './states-error.ts';
import type { StepFunctionsStore } from './store.ts';
import type { RunTask } from './tasks.ts';

type Deps = {
  clock: Clock;
  store: StepFunctionsStore;
  states: States;
  runTask: RunTask;
  /** The definition an execution started with, and who it runs as now. */
  machineOf(execution: ExecutionRecord): { definition: Definition; name: string; roleAccessKeyId: string };
  log(line: string): void;
};

/**
 * Runs executions. Each step is stored before the next begins: after a crash a wait keeps its due time, and a task that
 * was running runs again (AWS promises once; tasks here are functions that must bear it anyway).
 */
export function createRunner({ clock, store, states, runTask, machineOf, log }: Deps) {
  /** Everything that runs, with what would wake it. */
  const running = new Map<string, { record: ExecutionRecord; cancelWake?: () => void; cancelDeadline?: () => void }>();
  const totals = { started: 0, transitions: 0 };
  let isStopped = false;

  const isLive = (record: ExecutionRecord): boolean => !isStopped && record.status === 'RUNNING';
  const count = (record: ExecutionRecord): void => {
    record.transitions += 1;
    totals.transitions += 1;
  };
  const stateOf = (record: ExecutionRecord): State => {
    const state = machineOf(record).definition.States[record.state];
    if (!state) throw new StatesError('States.Runtime', `There is no state ${record.state}.`);
    return state;
  };
  const scopeOf = (record: ExecutionRecord) => {
    const retryCount = record.retries.reduce((sum, one) => sum + one, 0);
    const context = {
      Execution: {
        Id: record.executionArn,
        Name: record.name,
        Input: JSON.parse(record.input),
        StartTime: new Date(record.startedAt).toISOString(),
        RedriveCount: 0,
      },
      State: {
        Name: record.state,
        EnteredTime: new Date(record.stateEnteredAt).toISOString(),
        RetryCount: retryCount,
      },
      StateMachine: { Id: record.stateMachineArn, Name: machineOf(record).name },
    };
    return { input: record.stateInput, context, variables: record.variables };
  };

  const finish = (record: ExecutionRecord, status: ExecutionStatus, result: Partial<ExecutionRecord> = {}): void => {
    count(record);
    record.events += 1;
    Object.assign(record, { status, stoppedAt: clock.now(), wakesAt: undefined, ...result });
    store.update(record);
    const entry = running.get(record.executionArn);
    entry?.cancelWake?.();
    entry?.cancelDeadline?.();
    running.delete(record.executionArn);
  };
  /** @returns false when the history has no room for so many events and the end: the execution has failed */
  const note = (record: ExecutionRecord, events: number): boolean => {
    if (record.events + events < MAX_EVENTS) {
      record.events += events;
      return true;
    }
    record.events = MAX_EVENTS - 1;
    finish(record, 'FAILED', TOO_MANY_EVENTS);
    return false;
  };
  const enter = (record: ExecutionRecord, state: string, input: unknown): void => {
    if (!note(record, ENTERED)) return;
    count(record);
    Object.assign(record, { state, stateInput: input, stateEnteredAt: clock.now(), retries: [], wakesAt: undefined });
    store.update(record);
    void visit(record);
  };
  const follow = (record: ExecutionRecord, { output, assigned, next }: Outcome): void => {
    if (!isLive(record) || !note(record, exited(stateOf(record)))) return;
    record.variables = { ...record.variables, ...assigned };
    if (next === undefined) finish(record, 'SUCCEEDED', { output });
    else enter(record, next, output);
  };
  const sleep = (record: ExecutionRecord, until: number): void => {
    record.wakesAt = until;
    store.update(record);
    wakeLater(record);
  };
  const wakeLater = (record: ExecutionRecord): void => {
    const entry = running.get(record.executionArn);
    if (!entry) return;
    entry.cancelWake = clock.setTimeout(() => void visit(record), (record.wakesAt ?? 0) - clock.now());
  };

  /** Does what the state it is in asks for, from the start or after a wait. */
  const visit = async (record: ExecutionRecord): Promise<void> => {
    if (!isLive(record)) return;
    try {
      const outcome = await run(record);
      if (outcome) follow(record, outcome);
    } catch (error) {
      if (!isLive(record)) return;
      if (!(error instanceof StatesError)) log(`states.failed ${record.executionArn} ${(error as Error).stack}`);
      const known = error instanceof StatesError ? error : new StatesError('States.Runtime', String(error));
      await recover(record, known);
    }
  };
  /** @returns nothing when it waits */
  const run = async (record: ExecutionRecord): Promise<Outcome | undefined> => {
    const state = stateOf(record);
    const scope = scopeOf(record);
    switch (state.Type) {
      case 'Wait': {
        const until = record.wakesAt ?? (await states.waitUntil(state, scope, clock.now()));
        if (until <= clock.now()) return states.leave(state, scope);
        if (isLive(record)) sleep(record, until);
        return undefined;
      }
      case 'Task': {
        record.wakesAt = undefined;
        if (!note(record, TASK_BEGUN)) return undefined;
        const value = await doTask(state, scope, record).finally(() => isLive(record) && note(record, TASK_OVER));
        return states.leave(state, scope, { value });
      }
      case 'Choice':
        return states.choose(state, scope);
      case 'Fail':
        throw await states.failure(state, scope);
      default:
        return states.leave(state, scope);
    }
  };
  const doTask = async (state: TaskState, scope: ReturnType<typeof scopeOf>, record: ExecutionRecord) => {
    const taskArguments = await states.taskArguments(state, scope);
    const timeoutMs = await states.timeoutMs(state, scope);
    const work = runTask(state.Resource, taskArguments, machineOf(record).roleAccessKeyId);
    if (timeoutMs === undefined) return work;
    let cancel = (): void => {};
    const timeout = new Promise<never>((_, reject) => {
      const expire = () => reject(new StatesError('States.Timeout', `The task took longer than ${timeoutMs} ms.`));
      cancel = clock.setTimeout(expire, timeoutMs);
    });
    return Promise.race([work, timeout]).finally(() => cancel());
  };
  /** Retriers first, then catchers, else the execution fails. */
  const recover = async (record: ExecutionRecord, error: StatesError): Promise<void> => {
    const state = machineOf(record).definition.States[record.state];
    const task = state?.Type === 'Task' ? state : undefined;
    const place = task?.Retry?.findIndex(({ ErrorEquals }) => matches(ErrorEquals, error.error)) ?? -1;
    const retrier = task?.Retry?.[place];
    const made = record.retries[place] ?? 0;
    if (retrier && made < retrier.MaxAttempts) {
      const { IntervalSeconds, BackoffRate, MaxDelaySeconds = Number.POSITIVE_INFINITY, JitterStrategy } = retrier;
      const delay = Math.min(IntervalSeconds * BackoffRate ** made, MaxDelaySeconds);
      // Array.from fills the places of retriers not used yet.
      record.retries = Array.from(
        task?.Retry ?? [],
        (_, index) => (record.retries[index] ?? 0) + (index === place ? 1 : 0),
      );
      count(record);
      sleep(record, clock.now() + Math.ceil(1000 * delay * (JitterStrategy === 'FULL' ? Math.random() : 1)));
      return;
    }
    const catcher = task?.Catch?.find(({ ErrorEquals }) => matches(ErrorEquals, error.error));
    if (!catcher) return finish(record, 'FAILED', { error: error.error, cause: error.cause_ });
    try {
      follow(record, await states.caught(catcher, scopeOf(record), error));
    } catch (failure) {
      const { error: name, cause_ } =
        failure instanceof StatesError ? failure : new StatesError('States.Runtime', String(failure));
      if (isLive(record)) finish(record, 'FAILED', { error: name, cause: cause_ });
    }
  };
  const watch = (record: ExecutionRecord): void => {
    running.set(record.executionArn, { record });
    const limitSeconds = machineOf(record).definition.TimeoutSeconds;
    if (limitSeconds === undefined) return;
    const expire = () => finish(record, 'TIMED_OUT', { error: 'States.Timeout', cause: 'The execution timed out.' });
    const entry = running.get(record.executionArn);
    const due = record.startedAt + limitSeconds * 1000 - clock.now();
    if (entry) entry.cancelDeadline = clock.setTimeout(() => isLive(record) && expire(), due);
  };

  return {
    start(record: ExecutionRecord): void {
      totals.started += 1;
      count(record);
      note(record, ENTERED);
      store.insert(record);
      watch(record);
      enter(record, record.state, record.stateInput);
    },
    /** Goes on with an execution of an earlier process. */
    resume(record: ExecutionRecord): void {
      if (running.has(record.executionArn)) return;
      watch(record);
      if (record.wakesAt === undefined) void visit(record);
      else wakeLater(record);
    },
    abort(record: ExecutionRecord, error?: string, cause?: string): void {
      finish(record, 'ABORTED', { error, cause });
    },
    find: (executionArn: string): ExecutionRecord | undefined => running.get(executionArn)?.record,
    stats: () => {
      const isWaiting = ({ wakesAt }: ExecutionRecord) => wakesAt !== undefined && wakesAt > clock.now();
      const waiting = [...running.values()].filter(({ record }) => isWaiting(record)).length;
      return { running: running.size, waiting, ...totals };
    },
    stop(): void {
      isStopped = true;
      for (const { cancelWake, cancelDeadline } of running.values()) {
        cancelWake?.();
        cancelDeadline?.();
      }
    },
  };
}
export type Runner = ReturnType<typeof createRunner>;
