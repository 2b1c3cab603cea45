import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as z from 'zod';
import { ROLES } from '../../shared/roles.ts';
import { callApi } from './documented.ts';
import { inspectRun } from './inspect-run.ts';
import { rememberRequest } from './run-secrets.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** Building and synthesizing are in it, when the sources changed; on a busy machine. */
const START_TIMEOUT_MS = 90_000;
const PORTS = 8;
/** Read by `npm run grants` when all tests are through. */
const GRANTS = path.join(root, 'cdk.out', 'grants');

/** Of the demo organisation; '' in a stack that was started empty. */
const ofDemo = (text: z.ZodString) => text.nullable().transform((value) => value ?? '');

/** `.local/stack.json`: architecture §5. */
export const StackFile = z.strictObject({
  api_url: z.url(),
  api_key: ofDemo(z.string().startsWith('qxs_')),
  brand_id: ofDemo(z.string()),
  dashboard_url: z.url(),
  developers_url: z.url(),
  control_url: z.url(),
  oidc: z.strictObject({ issuer: z.url(), client_id: z.string() }),
  people: z.array(z.strictObject({ email: z.string(), role: z.enum(ROLES) })),
  aws_endpoint_url: z.url(),
  dynamodb_endpoint_url: z.url(),
  meta_simulator_url: z.url(),
  tenant_receiver_url: z.url(),
  tenant_secret: ofDemo(z.string().startsWith('whsec_')),
  meta: z.strictObject({
    app_secret: z.string(),
    verify_token: z.string(),
    phone_number_id: z.string(),
    waba_id: z.string(),
  }),
  queues: z.record(z.string(), z.url()),
  tables: z.record(z.string(), z.string()),
  logs: z.string(),
});
export type StackFile = z.output<typeof StackFile>;

/** What the tenant receiver got; `body` is the raw text. */
export const Received = z.looseObject({
  received_at: z.string(),
  answered: z.number().nullable(),
  signature_valid: z.boolean(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
});
export type Received = z.output<typeof Received>;

const Health = z.looseObject({
  clock: z.object({ now: z.string(), scale: z.number() }),
  queues: z.record(z.string(), z.object({ visible: z.number(), in_flight: z.number(), delayed: z.number() })),
  executions: z.looseObject({ running: z.number(), waiting: z.number() }),
  functions: z.record(
    z.string(),
    z.looseObject({ invocations: z.number(), coldStarts: z.number(), errors: z.number() }),
  ),
});
const Calls = z.record(
  z.string(),
  z.record(z.string(), z.object({ calls: z.number(), read_units: z.number(), write_units: z.number() })),
);

/** What can be done with a stack that runs, whoever started it. */
export type AttachedStack = ReturnType<typeof attachStack>;

/** One that we started, and can end. */
export type RunningStack = Awaited<ReturnType<typeof startStack>>;

export const attachStack = (stack: StackFile) => ({ ...stack, ...helpers(stack) });

/**
 * The whole system in a process of its own, on free ports and with a state folder of its own.
 * @param scale virtual seconds per real second
 * @param assembly other templates than those of the sources
 * @param isEmpty without the demo organisation
 * @param isInspected whether its end looks for what must be nowhere; a bench has too much of everything
 */
export async function startStack({
  scale = 1,
  assembly,
  isEmpty = false,
  isInspected = true,
}: {
  scale?: number;
  assembly?: string;
  isEmpty?: boolean;
  isInspected?: boolean;
} = {}) {
  const stateDir = mkdtempSync(path.join(tmpdir(), 'local-stack-'));
  const basePort = await freePorts(PORTS);
  let child: ChildProcess | undefined;

  const start = async (): Promise<StackFile> => {
    const started = spawnStack(stateDir, basePort, [
      '--scale',
      String(scale),
      ...['--record-grants', GRANTS],
      ...(assembly ? ['--assembly', assembly] : []),
      ...(isEmpty ? ['--empty'] : []),
    ]);
    child = started.child;
    return started.ready;
  };
  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null) return running?.exitCode ?? null;
    const ended = new Promise<number | null>((resolve) => running.once('exit', resolve));
    running.kill(signal);
    return ended;
  };
  // Given up by jest or by Ctrl-C, it must not go on by itself.
  const endWithUs = (): void => void child?.kill('SIGKILL');
  process.once('exit', endWithUs);

  const stack: StackFile = await start();
  return {
    ...attachStack(stack),
    stateDir,
    /**
     * Ends it as Ctrl-C does and removes its state.
     * @returns the exit code
     * @throws when the run left what must be nowhere (test/support/inspect-run.ts)
     */
    async stop(): Promise<number | null> {
      const isRunning = child !== undefined && child.exitCode === null;
      const inspected = isInspected
        ? await Promise.allSettled([inspectRun(stack, isRunning ? helpers(stack).receiver : null)])
        : [];
      const code = await end('SIGTERM');
      process.off('exit', endWithUs);
      rmSync(stateDir, { recursive: true, force: true });
      for (const one of inspected) if (one.status === 'rejected') throw one.reason;
      return code;
    },
    /** As a power cut: nothing is finished, nothing is tidied. */
    kill: () => end('SIGKILL'),
    /** Starts it again on the same ports and state. Ended before, if it still runs. */
    async restart(): Promise<void> {
      await end('SIGTERM');
      await start();
    },
  };
}

/** Calls of the control server, the tenant receiver and the Meta simulator. */
function helpers(stack: StackFile) {
  const control = (method: string, call: string, body?: unknown) =>
    callJson(method, `${stack.control_url}${call}`, body);
  return {
    /** Sends a request to the API as a tenant does. @param call e.g. `/v1/whatsapp/external/send/otp` */
    api: (
      method: string,
      call: string,
      { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
    ) =>
      callApi(stack, call, {
        method,
        headers: { 'X-API-Key': stack.api_key, 'Content-Type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    control: {
      health: async () => Health.parse(await control('GET', '/health')),
      setScale: (scale: number) => control('PUT', '/clock', { scale }),
      advance: (seconds: number) => control('POST', '/clock/advance', { seconds }),
      calls: async () => Calls.parse(await control('GET', '/calls')),
      resetCalls: () => control('DELETE', '/calls'),
      executions: async () => Health.shape.executions.parse(await control('GET', '/executions')),
      flushAuthorizerCache: () => control('POST', '/authorizer-cache/flush'),
      /** Ends a function's environments, with `only: 'running'` those in the middle of an invocation. */
      kill: (functionName: string, only?: 'running') => control('POST', `/functions/${functionName}/kill`, { only }),
    },
    receiver: {
      received: async (filter: { event_type?: string; event_id?: string } = {}) => {
        const query = new URLSearchParams(filter).toString();
        return z.array(Received).parse(await callJson('GET', `${stack.tenant_receiver_url}/_received?${query}`));
      },
      behave: (behavior: { mode: string; status?: number; times?: number; retry_after?: number; path?: string }) =>
        callJson('PUT', `${stack.tenant_receiver_url}/_behavior`, behavior),
      clear: () => callJson('DELETE', `${stack.tenant_receiver_url}/_received`),
    },
    simulator: {
      requests: () => callJson('GET', `${stack.meta_simulator_url}/_requests`),
      inbound: (message: { from: string; type: string; [content: string]: unknown }) => {
        rememberRequest(null, message);
        return callJson('POST', `${stack.meta_simulator_url}/_inbound`, message);
      },
      behave: (behavior: { outcome: string; times?: number }) =>
        callJson('PUT', `${stack.meta_simulator_url}/_behavior`, behavior),
      behaveAgain: () => callJson('DELETE', `${stack.meta_simulator_url}/_behavior`),
    },
  };
}

async function callJson(method: string, url: string, body?: unknown): Promise<unknown> {
  const response = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Polls until the value passes. @returns it @throws with the last value after `timeoutMs` */
export async function eventually<T>(
  read: () => Promise<T>,
  passes: (value: T) => boolean,
  timeoutMs = 15_000,
): Promise<T> {
  for (const until = Date.now() + timeoutMs; ; ) {
    const value = await read();
    if (passes(value)) return value;
    if (Date.now() > until) throw new Error(`still not after ${timeoutMs} ms: ${JSON.stringify(value).slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function spawnStack(
  stateDir: string,
  basePort: number,
  options: readonly string[],
): { child: ChildProcess; ready: Promise<StackFile> } {
  const file = path.join(stateDir, 'stack.json');
  // Left behind by a kill: what is waited for is the new one.
  rmSync(file, { force: true });
  const own = ['--state-dir', stateDir, '--base-port', String(basePort)];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'local/start.ts', ...own, ...options],
    {
      cwd: root,
      // Jest's own NODE_OPTIONS are not for it.
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = `${output}${chunk}`.slice(-20_000);
    });
  }
  const ready = (async () => {
    for (const until = Date.now() + START_TIMEOUT_MS; !(existsSync(file) && output.includes('Ctrl-C')); ) {
      if (child.exitCode !== null || Date.now() > until) {
        child.kill('SIGKILL');
        throw new Error(`The local stack did not start:\n${output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    return StackFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  })();
  return { child, ready };
}

/** The first of so many ports in a row that are free now. */
async function freePorts(count: number): Promise<number> {
  for (;;) {
    // Below the range from which the kernel takes ports for outgoing connections.
    const base = 10_000 + Math.floor(Math.random() * 20_000);
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(base + index)));
    if (free.every(Boolean)) return base;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
