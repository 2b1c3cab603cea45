import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Locked, takeLock } from './lock.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Shared by all stacks of this checkout, whatever their state folders: tests start many. */
const builds = path.join(root, '.local', 'build');

/** What functions, site and templates are made of. */
const SOURCES = ['functions', 'shared', 'infra', 'dashboard', 'openapi.json', 'cdk.json', 'package-lock.json'];

/** An assembly may be in use by a running stack, so older ones stay this long, milliseconds. */
const KEEP_MS = 24 * 3_600_000;

export type Progress = (line: string) => void;

/**
 * The synthesized templates of the stage `local` for the sources as they are: made when missing, else reused.
 * @param isAllowed false takes the newest that was made, whatever the sources are
 * @throws Error with what the tools printed, when functions do not build or templates do not synthesize
 */
export async function buildAssembly(isAllowed: boolean, progress: Progress): Promise<string> {
  if (!isAllowed) {
    const newest = assemblies().at(-1);
    if (!newest) throw new Error('Nothing has been built yet: start once without --no-build');
    return newest;
  }
  const assembly = path.join(builds, hashSources());
  if (existsSync(assembly)) return assembly;
  const release = await waitForLock(progress);
  try {
    if (existsSync(assembly)) return assembly;
    await Promise.all([
      run('building the functions', ['infra/build.ts'], progress),
      run('building the site', ['dashboard/build-site.ts'], progress),
    ]);
    const unfinished = `${assembly}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    await run('synthesizing the templates', ['infra/app.ts', '--stage', 'local', '--out', unfinished], progress);
    renameSync(unfinished, assembly);
    removeOld();
    return assembly;
  } finally {
    release();
  }
}

/** Oldest first. */
function assemblies(): string[] {
  if (!existsSync(builds)) return [];
  return readdirSync(builds)
    .filter((name) => /^[0-9a-f]{16}$/.test(name))
    .map((name) => path.join(builds, name))
    .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
}

function removeOld(): void {
  for (const old of assemblies().slice(0, -3)) {
    if (Date.now() - statSync(old).mtimeMs > KEEP_MS) rmSync(old, { recursive: true, force: true });
  }
}

function hashSources(): string {
  const hash = createHash('sha256');
  const add = (file: string): void => {
    if (statSync(file).isDirectory()) {
      for (const name of readdirSync(file).sort()) add(path.join(file, name));
      return;
    }
    hash.update(`${path.relative(root, file)}\0`).update(readFileSync(file));
  };
  for (const source of SOURCES) add(path.join(root, source));
  return hash.digest('hex').slice(0, 16);
}

/** Two stacks starting at once build one after the other; both write `dist/`. */
async function waitForLock(progress: Progress): Promise<() => void> {
  let hasSaid = false;
  for (;;) {
    try {
      return takeLock(path.join(builds, 'lock'));
    } catch (error) {
      if (!(error instanceof Locked)) throw error;
      if (!hasSaid) progress('waiting for another start that is building');
      hasSaid = true;
      await delay(100);
    }
  }
}

async function run(what: string, script: string[], progress: Progress): Promise<void> {
  const started = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...script], {
    cwd: root,
    // Tests that start a stack have another one, with which the app would be built for debugging.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const endWithUs = (): void => void child.kill();
  process.once('exit', endWithUs);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  process.off('exit', endWithUs);
  if (code !== 0) throw new Error(`Failed ${what} (node ${script.join(' ')}):\n${output.trimEnd()}`);
  progress(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
