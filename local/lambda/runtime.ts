// The thread of one execution environment: what Lambda's Node runtime does around a handler. It runs as JavaScript made
// from this file (compile-runtime.ts), so it imports only Node's own modules and the files compiled with it.
import { openSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { EnvironmentData, FromEnvironment, FunctionError, ToEnvironment } from './protocol.ts';
import { sharedNow } from './virtual-time.ts';

type Handler = (event: unknown, context: object) => unknown;

const data = workerData as EnvironmentData;
const RealDate = Date;
const post = (message: FromEnvironment): void => parentPort!.postMessage(message);

/** `Date` follows virtual time: expiry, timestamps and signatures do. Timers stay real. */
function installDate(virtualNow: () => number): void {
  function VirtualDate(this: unknown, ...parameters: unknown[]): Date | string {
    if (!new.target) return new RealDate(virtualNow()).toString();
    const moment = parameters.length === 0 ? [virtualNow()] : parameters;
    const prototype: unknown = new.target === (VirtualDate as unknown) ? RealDate : new.target;
    return Reflect.construct(RealDate, moment, prototype as typeof RealDate) as Date;
  }
  VirtualDate.prototype = RealDate.prototype;
  VirtualDate.now = virtualNow;
  VirtualDate.parse = RealDate.parse;
  VirtualDate.UTC = RealDate.UTC;
  RealDate.prototype.constructor = VirtualDate;
  globalThis.Date = VirtualDate as unknown as DateConstructor;
}

/** Written at once, not through the main thread: the last lines before a crash are the ones that matter. */
function redirectOutput(file: string): void {
  const descriptor = openSync(file, 'a');
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    writeSync(descriptor, typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    const done = rest.find((argument) => typeof argument === 'function');
    if (typeof done === 'function') done();
    return true;
  };
  process.stdout.write = write;
  process.stderr.write = write;
}

function toFunctionError(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split('\n') ?? [] };
}

async function loadHandler(): Promise<Handler> {
  const module: Record<string, unknown> = await import(data.moduleUrl);
  const handler = module[data.handlerName];
  if (typeof handler === 'function') return handler as Handler;
  const error = new Error(`${data.handlerName} is undefined or not exported`);
  error.name = 'Runtime.HandlerNotFound';
  throw error;
}

function contextOf({ requestId, deadline }: ToEnvironment): object {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: data.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: data.functionArn,
    memoryLimitInMB: String(data.memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${data.functionName}`,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - RealDate.now()),
  };
}

/** Lambda's own words and types: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
function marshal(result: unknown): string {
  try {
    return JSON.stringify(result) ?? 'null';
  } catch {
    const error = new Error('Unable to stringify response body');
    error.name = 'Runtime.MarshalError';
    throw error;
  }
}

let current: string | undefined;

function fail(requestId: string, error: FunctionError, kind: string, isFatal: boolean): void {
  console.error(`${new Date().toISOString()}\t${requestId}\tERROR\t${kind}\t${JSON.stringify(error)}`);
  post({ type: 'error', requestId, error, isFatal });
}

/** An error outside of any promise of the handler ends the environment, and the invocation with it. */
function crash(error: FunctionError, kind: string): void {
  if (current === undefined) post({ type: 'init-error', error });
  else fail(current, error, kind, true);
  // Messages to the main thread are sent in the next turn of the loop.
  setImmediate(() => process.exit(129));
}

async function invoke(handler: Handler, message: ToEnvironment): Promise<void> {
  const { requestId, payload } = message;
  current = requestId;
  try {
    const event: unknown = JSON.parse(payload);
    post({ type: 'result', requestId, payload: marshal(await handler(event, contextOf(message))) });
  } catch (error) {
    fail(requestId, toFunctionError(error), 'Invoke Error', false);
  }
}

redirectOutput(data.logFile);
const virtualNow = sharedNow(data.time);
installDate(() => virtualNow(RealDate.now()));
process.on('uncaughtException', (error) => crash(toFunctionError(error), 'Uncaught Exception'));
process.on('unhandledRejection', (reason) => {
  const errorMessage = reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason);
  crash(
    { ...toFunctionError(reason), errorType: 'Runtime.UnhandledPromiseRejection', errorMessage },
    'Unhandled Promise Rejection',
  );
});

try {
  const handler = await loadHandler();
  parentPort!.on('message', (message: ToEnvironment) => void invoke(handler, message));
  post({ type: 'ready' });
} catch (error) {
  const initError = toFunctionError(error);
  console.error(`${new Date().toISOString()}\tundefined\tERROR\tInit Error\t${JSON.stringify(initError)}`);
  post({ type: 'init-error', error: initError });
}
