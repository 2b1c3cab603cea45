import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export type Dynamodb = { url: string; stop(): Promise<void> };
export type DynamodbOptions = {
  port: number;
  dbPath: string;
  /** Called when it ends without having been stopped. */
  onLost?: (error: Error) => void;
};
/** It answers within 50 ms; the rest is for a busy machine. */
const START_TIMEOUT_MS = 10_000;
const POLL_MS = 10;

/**
 * Starts dynoxide over the file `dbPath`, or uses the DynamoDB that the variable `DYNAMODB_ENDPOINT` names (then nothing
 * is started). Resolves when it answers. An orphan of a killed process on the same file is ended first.
 * @throws Error saying in one line what to do when there is no dynoxide for this platform, or it does not start
 */
export async function startDynamodb({ port, dbPath, onLost }: DynamodbOptions): Promise<Dynamodb> {
  const given = process.env.DYNAMODB_ENDPOINT;
  if (given) {
    await answers(given);
    return { url: given, stop: async () => {} };
  }
  const binary = dynoxideBinary();
  const path = resolve(dbPath);
  const pidFile = `${path}.pid`;
  mkdirSync(dirname(path), { recursive: true });
  await endOrphan(pidFile, path);

  const child = spawn(binary, ['--host', '127.0.0.1', '--port', String(port), '--db-path', path], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (child.pid !== undefined) writeFileSync(pidFile, String(child.pid));
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);

  const lost = (): void => onLost?.(new Error('dynoxide, the local DynamoDB, has ended by itself'));
  const stop = async (): Promise<void> => {
    child.off('exit', lost);
    process.off('exit', endWithUs);
    await end(child);
    rmSync(pidFile, { force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await listening(child);
  } catch (error) {
    await stop();
    throw error;
  }
  child.once('exit', lost);
  return { url, stop };
}

const hasEnded = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), 2000);
  await ended;
  clearTimeout(forced);
}

export class NoDynamodb extends Error {}

/** @throws NoDynamodb as `startDynamodb` would; to be asked before what takes long */
export function requireDynamodb(): void {
  if (!process.env.DYNAMODB_ENDPOINT) dynoxideBinary();
}

function dynoxideBinary(): string {
  const name = `@dynoxide/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'dynoxide');
  } catch {
    throw new NoDynamodb(
      `No DynamoDB for this platform (${name} is not installed; npm ci installs it unless told to omit optional packages): set DYNAMODB_ENDPOINT to any DynamoDB.`,
    );
  }
}

/** Waits until the child says that it listens: an answer on the port alone could be another process's. */
function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const timeout = setTimeout(() => reject(new Error(`dynoxide does not listen: ${printed}`)), START_TIMEOUT_MS);
    const read = (chunk: Buffer): void => {
      printed = `${printed}${chunk}`.slice(-2000);
      if (!printed.includes('listening on')) return;
      clearTimeout(timeout);
      resolve();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    const fail = (error: Error): void => {
      clearTimeout(timeout);
      reject(error);
    };
    child.once('error', fail);
    child.once('exit', () => fail(new Error(`dynoxide ended at once: ${printed.trim()}`)));
  });
}

/** Waits until something speaks HTTP at `url`. */
async function answers(url: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    try {
      await fetch(url, { signal: AbortSignal.timeout(1000) });
      return;
    } catch (error) {
      if (performance.now() > deadline) throw new Error(`DynamoDB at ${url} does not answer.`, { cause: error });
      await delay(POLL_MS);
    }
  }
}

/**
 * A parent that was killed leaves its dynoxide behind, holding file and port. The pid alone proves nothing, it may be
 * another process by now: only one whose command line names this very file is ended.
 */
async function endOrphan(pidFile: string, dbPath: string): Promise<void> {
  const pid = Number(read(pidFile));
  if (!Number.isInteger(pid) || pid <= 1) return;
  const isOurs = (): boolean => {
    const command = (read(`/proc/${pid}/cmdline`) ?? '').split('\0');
    return (command[0] ?? '').endsWith('dynoxide') && command[command.indexOf('--db-path') + 1] === dbPath;
  };
  if (isOurs()) process.kill(pid, 'SIGKILL');
  for (let waited = 0; isOurs() && waited < 2000; waited += POLL_MS) await delay(POLL_MS);
  rmSync(pidFile, { force: true });
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
