import { Worker } from 'node:worker_threads';
import type { EnvironmentData, FromEnvironment, FunctionError, ToEnvironment } from './protocol.ts';

/** Lambda gives up an initialization after this long, milliseconds. */
const INIT_TIMEOUT_MS = 10_000;

export type Outcome = { payload: string } | { error: FunctionError };

export type EnvironmentSettings = EnvironmentData & {
  runtime: URL;
  variables: Record<string, string>;
  timeoutSeconds: number;
};

/** One execution environment: a thread that handles one event at a time. */
export type Environment = {
  /** Resolves when it can take events, or with what went wrong in initialization. */
  ready: Promise<FunctionError | undefined>;
  /** Never rejects: a timeout or a crash is an outcome, after which the environment is gone. */
  run(requestId: string, payload: string): Promise<Outcome>;
  readonly isGone: boolean;
  terminate(): Promise<void>;
};

export function startEnvironment(settings: EnvironmentSettings): Environment {
  const { runtime, variables, timeoutSeconds, ...data } = settings;
  const worker = new Worker(runtime, {
    workerData: data,
    env: variables,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: data.memoryMb },
  });
  // The stack's servers keep the process alive; an idle environment must not.
  worker.unref();
  let isGone = false;
  let finish: ((outcome: Outcome) => void) | undefined;
  let initialized: (error: FunctionError | undefined) => void = () => {};
  const ready = new Promise<FunctionError | undefined>((resolve) => {
    initialized = resolve;
  });
  const terminate = async (): Promise<void> => {
    isGone = true;
    await worker.terminate();
  };

  const initTimer = setTimeout(() => {
    initialized({
      errorType: 'Sandbox.Timedout',
      errorMessage: `Init phase timed out after ${INIT_TIMEOUT_MS / 1000} seconds`,
    });
    void terminate();
  }, INIT_TIMEOUT_MS);
  void ready.then(() => clearTimeout(initTimer));

  let reason: string | undefined;
  worker.on('message', (message: FromEnvironment) => {
    if (message.type === 'ready') initialized(undefined);
    else if (message.type === 'init-error') {
      initialized(message.error);
      void terminate();
    } else {
      isGone ||= message.type === 'error' && message.isFatal;
      finish?.(message.type === 'result' ? { payload: message.payload } : { error: message.error });
    }
  });
  worker.on('error', (error: NodeJS.ErrnoException) => {
    reason = error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'signal: killed' : error.message;
  });
  worker.on('exit', (code) => {
    isGone = true;
    const text =
      reason === undefined && code === 0
        ? ' without providing a reason'
        : ` with error: ${reason ?? `exit status ${code}`}`;
    const error = { errorType: 'Runtime.ExitError', errorMessage: `Error: Runtime exited${text}` };
    initialized(error);
    finish?.({ error });
  });

  return {
    ready,
    get isGone() {
      return isGone;
    },
    terminate,
    run: (requestId, payload) =>
      new Promise((resolve) => {
        const end = (outcome: Outcome): void => {
          clearTimeout(timer);
          finish = undefined;
          if ('error' in outcome && outcome.error.errorType === 'Runtime.ExitError') {
            outcome.error.errorMessage = `RequestId: ${requestId} ${outcome.error.errorMessage}`;
          }
          resolve(outcome);
        };
        const timer = setTimeout(() => {
          void terminate();
          const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
          end({ error: { errorType: 'Sandbox.Timedout', errorMessage } });
        }, timeoutSeconds * 1000);
        finish = end;
        const message: ToEnvironment = { requestId, payload, deadline: Date.now() + timeoutSeconds * 1000 };
        worker.postMessage(message);
      }),
  };
}
