import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
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

/** What a stack runs. */
type Built = {
  /** The folder of the synthesized templates and their assets, of the stage `local`. */
  assembly: string;
  /** Builds the site and puts it into the assembly; undefined where it is there already. */
  buildSite: (() => Promise<void>) | undefined;
};

/**
 * Functions and templates of the sources as they are: made when missing, else reused. The site comes after them, for an
 * API is of use without it.
 * @param isAllowed false takes the newest that was made, whatever the sources are
 * @throws Error with what the tools printed, when functions do not build or templates do not synthesize
 */
export async function build(isAllowed: boolean, progress: Progress): Promise<Built> {
  if (!isAllowed) {
    const newest = assemblies().at(-1);
    if (!newest) throw new Error('Nothing has been built yet: start once without --no-build');
    return { assembly: newest, buildSite: undefined };
  }
  const assembly = path.join(builds, hashSources());
  if (!existsSync(assembly)) {
    await alone(progress, async () => {
      if (existsSync(assembly)) return;
      const unfinished = `${assembly}.unfinished`;
      rmSync(unfinished, { recursive: true, force: true });
      progress('building functions and templates: some 10 s');
      await run(['infra/local.ts', unfinished], progress);
      renameSync(unfinished, assembly);
      removeOld();
    });
  }
  return { assembly, buildSite: emptyAsset(assembly) ? () => addSite(assembly, progress) : undefined };
}

/** Both, and the site in it. @returns the assembly @throws as {@link build}, and when the site does not build */
export async function buildAssembly(isAllowed: boolean, progress: Progress): Promise<string> {
  const { assembly, buildSite } = await build(isAllowed, progress);
  await buildSite?.();
  return assembly;
}

const addSite = (assembly: string, progress: Progress): Promise<void> =>
  alone(progress, async () => {
    const asset = emptyAsset(assembly);
    if (!asset) return;
    await run(['dashboard/build-site.ts'], progress);
    cpSync(path.join(root, 'dist/site'), `${asset}.unfinished`, { recursive: true });
    renameSync(`${asset}.unfinished`, asset);
  });

/** The site's, before it is there: infra/local.ts. */
const emptyAsset = (assembly: string): string | undefined =>
  readdirSync(assembly, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^asset\.[0-9a-f]+$/.test(entry.name))
    .map(({ name }) => path.join(assembly, name))
    .find((folder) => readdirSync(folder).length === 0);

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
async function alone(progress: Progress, work: () => Promise<void>): Promise<void> {
  const release = await waitForLock(progress);
  try {
    await work();
  } finally {
    release();
  }
}

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

/** Passes on each line that a script prints. @throws with all of it when the script fails */
async function run(script: string[], progress: Progress): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...script], {
    cwd: root,
    // Tests that start a stack have another one, with which the app would be built for debugging.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  const endWithUs = (): void => void child.kill();
  process.once('exit', endWithUs);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      output += `${line}\n`;
      if (stream === child.stdout) progress(line);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  process.off('exit', endWithUs);
  if (code !== 0) throw new Error(`node ${script.join(' ')} failed:\n${output.trimEnd()}`);
}

// Before the tests, of which many start a stack and wait for it: none should wait for this.
if (import.meta.main) await buildAssembly(true, (line) => console.log(line));
