import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** What is known of the last build; outside of the site, which is uploaded whole. */
const stamps = path.join(root, 'dist', '.site');

/** A part of the site: made anew when anything changed that it is made of. */
type Part = {
  name: string;
  sources: readonly string[];
  /** Arguments of Node. */
  command: readonly string[];
  /** A file of the result, below `dist/site`. */
  result: string;
};

const PARTS: readonly Part[] = [
  {
    name: 'developers',
    sources: ['dashboard/developers', 'shared', 'openapi.json', 'CHANGELOG.md', 'package-lock.json'],
    command: ['dashboard/developers/build.ts'],
    result: 'developers/index.html',
  },
  {
    name: 'app',
    sources: ['dashboard/app', 'shared', 'test/support/openapi-types.ts', 'package-lock.json'],
    command: ['node_modules/vite/bin/vite.js', 'build', 'dashboard/app', '--logLevel', 'warn'],
    result: 'app/index.html',
  },
];

async function build({ name, sources, command, result }: Part): Promise<void> {
  const started = performance.now();
  const stamp = path.join(stamps, name);
  const hash = hashOf(sources);
  const isFresh = existsSync(path.join(root, 'dist/site', result)) && existsSync(stamp);
  if (isFresh && readFileSync(stamp, 'utf8') === hash) return console.log(`${name}: as it was`);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...command], {
    cwd: root,
    stdio: 'inherit',
  });
  // Left to itself, it would go on writing while the next start builds.
  process.once('SIGTERM', () => child.kill());
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The part ${name} of the site does not build`);
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, hash);
  console.log(`${name}: built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

function hashOf(sources: readonly string[]): string {
  const hash = createHash('sha256');
  const add = (file: string): void => {
    if (statSync(file).isDirectory()) for (const name of readdirSync(file).sort()) add(path.join(file, name));
    else hash.update(`${path.relative(root, file)}\0`).update(readFileSync(file));
  };
  for (const source of sources) add(path.join(root, source));
  return hash.digest('hex');
}

const outcomes = await Promise.allSettled(PARTS.map(build));
for (const outcome of outcomes) {
  if (outcome.status !== 'rejected') continue;
  console.error(String(outcome.reason));
  process.exitCode = 1;
}
