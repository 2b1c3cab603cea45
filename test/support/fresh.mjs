// What a newcomer does: a clean clone of what is committed, then both commands of the README.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const clone = mkdtempSync(path.join(tmpdir(), 'fresh-'));
const options = { cwd: clone, stdio: 'inherit' };
const run = (command, ...args) => {
  console.log(`$ ${[command, ...args].join(' ')}`);
  const { status } = spawnSync(command, args, options);
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
};

/** Starts the stack, and ends it once it has printed its quickstart. */
const start = () =>
  new Promise((resolve, reject) => {
    console.log('$ npm start');
    // Ports of its own: another stack may be running.
    const stack = spawn('npm', ['start', '--', '--base-port', '24510'], {
      ...options,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let isReady = false;
    stack.stdout.on('data', (chunk) => {
      process.stdout.write(chunk);
      if (!String(chunk).includes('Ctrl-C')) return;
      isReady = true;
      stack.kill('SIGINT');
    });
    stack.on('exit', () => (isReady ? resolve() : reject(new Error('npm start did not become ready'))));
  });

try {
  spawnSync('git', ['clone', '--quiet', process.cwd(), clone], { stdio: 'inherit' });
  run('npm', 'ci');
  await start();
  run('npm', 'test');
} finally {
  rmSync(clone, { recursive: true, force: true });
}
