import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileRuntime } from './compile-runtime.ts';
import { createFunctionPool, type FunctionCounters, type FunctionPool } from './function-pool.ts';
import type { FunctionError } from './protocol.ts';

/** Lambda takes no larger request and gives no larger answer in a synchronous invocation, bytes. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;
const REAP_EVERY_MS = 30_000;

export type LambdaOptions = {
  /** The runtime and `logs/<function>.log` are written below this folder. */
  directory: string;
  /** From {@link shareClock}. */
  time: SharedArrayBuffer;
  account: string;
  region: string;
  maxEnvironments?: number;
  idleMs?: number;
};

export type FunctionSettings = {
  name: string;
  /** What people call it: its log file, and in `killEnvironments` and the counters. */
  alias: string;
  /** Folder with the built code. */
  codeDirectory: string;
  /** `file.export` */
  handler: string;
  timeoutSeconds: number;
  memoryMb: number;
  reservedConcurrency?: number;
  /** Identifies the function's role to the local AWS server. */
  accessKeyId: string;
  awsEndpointUrl: string;
  /** The template's variables, with the stack's overrides. */
  variables: Record<string, string>;
};

export type InvocationResult = { payload: unknown } | { error: FunctionError };

/** Lambda refused the invocation: the function was not run. Step Functions knows these errors by this name. */
export class InvocationRefused extends Error {
  readonly status: number;

  constructor(type: string, status: number, message: string) {
    super(message);
    this.name = `Lambda.${type}`;
    this.status = status;
  }
}

/** Lambda on one machine: functions by name, each with its own environments. */
export function createLambda(options: LambdaOptions) {
  const { directory, account, region } = options;
  const logDirectory = path.join(directory, 'logs');
  mkdirSync(logDirectory, { recursive: true });
  const runtime = compileRuntime(path.join(directory, 'runtime'));
  const pools = new Map<string, FunctionPool>();
  let isStopped = false;
  const names = new Map<string, string>();
  const reaper = setInterval(() => {
    for (const pool of pools.values()) pool.reap(Date.now());
  }, REAP_EVERY_MS).unref();

  const pool = (functionName: string): FunctionPool => {
    const name = functionNameOf(functionName);
    const found = pools.get(names.get(name) ?? name);
    if (found) return found;
    throw new InvocationRefused('ResourceNotFoundException', 404, `Function not found: ${functionName}`);
  };

  return {
    register(settings: FunctionSettings): void {
      const { name, alias, handler, timeoutSeconds, memoryMb } = settings;
      names.set(alias, name);
      const [file = '', handlerName = ''] = handler.split('.');
      pools.set(
        name,
        createFunctionPool({
          runtime,
          moduleUrl: moduleUrl(settings.codeDirectory, file),
          handlerName,
          functionName: name,
          functionArn: `arn:aws:lambda:${region}:${account}:function:${name}`,
          memoryMb,
          timeoutSeconds,
          logFile: path.join(logDirectory, `${alias}.log`),
          time: options.time,
          variables: variablesOf(settings, region),
          reservedConcurrency: settings.reservedConcurrency,
          maxEnvironments: options.maxEnvironments ?? 100,
          idleMs: options.idleMs ?? 300_000,
        }),
      );
    },

    /**
     * Runs a function synchronously.
     * @param functionName its name, alias or ARN
     * @throws InvocationRefused when it was not run: unknown, throttled, payload too large
     */
    async invoke(functionName: string, payload: unknown): Promise<InvocationResult> {
      if (isStopped) throw new InvocationRefused('ServiceException', 500, 'The local stack is stopping');
      const text = JSON.stringify(payload) ?? 'null';
      if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES) {
        const message = `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`;
        throw new InvocationRefused('RequestTooLargeException', 413, message);
      }
      const outcome = await pool(functionName).invoke(text);
      if (!outcome) throw new InvocationRefused('TooManyRequestsException', 429, 'Rate Exceeded.');
      if ('error' in outcome) return outcome;
      if (Buffer.byteLength(outcome.payload) > MAX_PAYLOAD_BYTES) {
        const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
        return { error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
      }
      return { payload: JSON.parse(outcome.payload) as unknown };
    },

    /** Has an environment ready, as provisioned concurrency of 1 would. */
    warm: (functionName: string): Promise<void> => pool(functionName).warm(),

    /** Ends the function's environments, in the middle of their invocations if they run; the next one starts cold. */
    killEnvironments: (functionName: string): Promise<number> => pool(functionName).kill('all'),
    /** Ends only those that are running an invocation now. */
    killRunning: (functionName: string): Promise<number> => pool(functionName).kill('running'),

    /** By alias. */
    counters: (): Record<string, FunctionCounters> =>
      Object.fromEntries([...names].map(([alias, name]) => [alias, pool(name).counters()])),

    async stop(): Promise<void> {
      isStopped = true;
      clearInterval(reaper);
      await Promise.all([...pools.values()].map((functionPool) => functionPool.stop()));
    },
  };
}
export type Lambda = ReturnType<typeof createLambda>;

/** `arn:aws:lambda:<region>:<account>:function:<name>`, with or without a qualifier, or the name itself. */
export function functionNameOf(nameOrArn: string): string {
  const parts = nameOrArn.split(':');
  return parts[0] === 'arn' ? (parts[6] ?? nameOrArn) : (parts[0] ?? nameOrArn);
}

function moduleUrl(directory: string, file: string): string {
  const found = readdirSync(directory).find((name) => [`${file}.mjs`, `${file}.js`, `${file}.cjs`].includes(name));
  if (!found) throw new Error(`${directory} has no ${file}.mjs: is it built?`);
  return pathToFileURL(path.join(directory, found)).href;
}

/** What Lambda sets, then what the template sets: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function variablesOf(settings: FunctionSettings, region: string): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    TZ: 'UTC',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin',
    LAMBDA_TASK_ROOT: settings.codeDirectory,
    _HANDLER: settings.handler,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: settings.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    ...settings.variables,
    AWS_ACCESS_KEY_ID: settings.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: settings.awsEndpointUrl,
  };
}
