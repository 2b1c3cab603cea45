import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Environment, type EnvironmentSettings, type Outcome, startEnvironment } from './environment.ts';

export type FunctionCounters = {
  invocations: number;
  coldStarts: number;
  /** Invocations that ended with an error: thrown, timed out, crashed or failed to start. */
  errors: number;
  throttles: number;
  running: number;
  environments: number;
};

export type FunctionPoolSettings = EnvironmentSettings & {
  /** Concurrent invocations beyond this are throttled. */
  reservedConcurrency: number | undefined;
  /** At most this many threads; further invocations wait, where AWS would start more environments. */
  maxEnvironments: number;
  /** An environment unused for this long is ended, milliseconds of real time. */
  idleMs: number;
};

/** Threads that start at once only slow each other down; what waits is served by the first that is free. */
const MAX_STARTING = availableParallelism();

type Waiting = { requestId: string; payload: string; resolve: (outcome: Outcome) => void };
type Idle = { environment: Environment; since: number };

/** All environments of one function. */
export function createFunctionPool(settings: FunctionPoolSettings) {
  const all = new Set<Environment>();
  const busy = new Set<Environment>();
  /** Last in, first out, as Lambda reuses them: under light load the others can be reaped. */
  let idle: Idle[] = [];
  const waiting: Waiting[] = [];
  let starting = 0;
  let isStopped = false;
  const counters = { invocations: 0, coldStarts: 0, errors: 0, throttles: 0 };

  const settle = ({ resolve, requestId }: Waiting, outcome: Outcome): void => {
    if ('error' in outcome) {
      counters.errors += 1;
      const { errorType, errorMessage, trace } = outcome.error;
      // What the function threw, it has logged itself; a timeout or a crash it could not.
      if (!trace) appendFileSync(settings.logFile, `${requestId} ${errorType}: ${errorMessage}\n`);
    }
    resolve(outcome);
  };

  const use = async (environment: Environment): Promise<void> => {
    const next = waiting.shift();
    if (!next) {
      idle.push({ environment, since: Date.now() });
      return;
    }
    busy.add(environment);
    const outcome = await environment.run(next.requestId, next.payload);
    busy.delete(environment);
    settle(next, outcome);
    if (environment.isGone) {
      all.delete(environment);
      serve();
    } else void use(environment);
  };

  const start = async (): Promise<void> => {
    starting += 1;
    counters.coldStarts += 1;
    const environment = startEnvironment(settings);
    all.add(environment);
    const error = await environment.ready;
    starting -= 1;
    if (!error) {
      void use(environment);
      return serve();
    }
    all.delete(environment);
    // The invocation that wanted this environment is the one that fails, as on AWS.
    const next = waiting.shift();
    if (next) settle(next, { error });
    serve();
  };

  /** Gives the waiting invocations environments: idle ones first, then new ones. */
  const serve = (): void => {
    if (isStopped) {
      const error = { errorType: 'Runtime.ExitError', errorMessage: 'The local stack is stopping', trace: [] };
      for (const invocation of waiting.splice(0)) settle(invocation, { error });
      return;
    }
    while (waiting.length > 0) {
      const last = idle.pop();
      if (!last) break;
      if (last.environment.isGone) all.delete(last.environment);
      else void use(last.environment);
    }
    const wanted = Math.min(waiting.length, MAX_STARTING);
    while (starting < wanted && all.size < settings.maxEnvironments) void start();
  };

  const running = (): number => busy.size + waiting.length;

  return {
    /** Starts an environment ahead of the first invocation; one that fails to start is reported by that invocation. */
    async warm(): Promise<void> {
      if (all.size === 0) await start();
    },
    /** @returns undefined when throttled */
    async invoke(payload: string): Promise<Outcome | undefined> {
      if (settings.reservedConcurrency !== undefined && running() >= settings.reservedConcurrency) {
        counters.throttles += 1;
        return undefined;
      }
      counters.invocations += 1;
      return new Promise((resolve) => {
        waiting.push({ requestId: randomUUID(), payload, resolve });
        serve();
      });
    },
    /** Ends environments at once, running ones in the middle of their invocation. @returns how many */
    async kill(which: 'all' | 'running'): Promise<number> {
      const victims = [...(which === 'all' ? all : busy)];
      idle = idle.filter(({ environment }) => !victims.includes(environment));
      await Promise.all(victims.map((environment) => environment.terminate()));
      for (const environment of victims) all.delete(environment);
      return victims.length;
    },
    /** Ends everything; what waits for an environment fails. */
    async stop(): Promise<void> {
      isStopped = true;
      serve();
      await this.kill('all');
    },
    reap(now: number): void {
      for (const environment of all) if (environment.isGone) all.delete(environment);
      const expired = idle.filter(({ since }) => now - since >= settings.idleMs);
      idle = idle.filter(({ since }) => now - since < settings.idleMs);
      for (const { environment } of expired) {
        all.delete(environment);
        void environment.terminate();
      }
    },
    counters: (): FunctionCounters => ({ ...counters, running: running(), environments: all.size }),
  };
}
export type FunctionPool = ReturnType<typeof createFunctionPool>;
