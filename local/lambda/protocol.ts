/** What the main thread and an execution environment say to each other. Payloads are JSON text, as on the wire. */

/** An error as Lambda reports it to the caller. */
export type FunctionError = { errorType: string; errorMessage: string; trace?: string[] };

export type EnvironmentData = {
  /** URL of the module, and the name of its export. */
  moduleUrl: string;
  handlerName: string;
  functionName: string;
  functionArn: string;
  memoryMb: number;
  logFile: string;
  time: SharedArrayBuffer;
};

export type ToEnvironment = {
  requestId: string;
  payload: string /** Real time, epoch milliseconds. */;
  deadline: number;
};

export type FromEnvironment =
  | { type: 'ready' }
  | { type: 'init-error'; error: FunctionError }
  | { type: 'result'; requestId: string; payload: string }
  | {
      type: 'error';
      requestId: string;
      error: FunctionError /** The environment is about to end. */;
      isFatal: boolean;
    };
