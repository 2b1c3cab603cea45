// What a newcomer does: a clean clone of what is committed, then both commands of the README.
//   npm run fresh [-- --node 22] [-- <test files>]   from another version of Node, as npm has it
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ options: { node: { type: 'string' } }, allowPositionals: true });
const folder = mkdtempSync(path.join(tmpdir(), 'fresh-'));
const clone = path.join(folder, 'clone');

/** The newcomer's: npm put the Node of this checkout in front, and its own settings beside. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE)/.test(name)));
env.PATH = env.PATH.split(path.delimiter)
  .filter((one) => !/node_modules|node-gyp-bin/.test(one))
  .join(path.delimiter);

const run = (cwd, command, ...args) => {
  console.log(`$ ${[command, ...args].join(' ')}`);
  const { status } = spawnSync(command, args, { cwd, env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ended with ${status}`);
};

/** Starts the stack, looks whether it serves what it says, and ends it. */
async function start() {
  console.log('$ npm start');
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  // Ports of its own: another stack may be running. A group of its own, to end it as Ctrl-C does.
  const stack = spawn('npm', ['start', '--', '--base-port', '24510'], {
    cwd: clone,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = new Promise((resolve) => stack.once('exit', resolve));
  try {
    await new Promise((resolve, reject) => {
      stack.stdout.on('data', (chunk) => {
        process.stdout.write(chunk);
        if (String(chunk).includes('Ctrl-C')) resolve();
      });
      ended.then(() => reject(new Error('npm start did not become ready')));
    });
    const readyAfter = seconds();
    const { api_url, api_key, dashboard_url, developers_url } = JSON.parse(
      readFileSync(path.join(clone, '.local/stack.json'), 'utf8'),
    );
    const sent = fetch(`${api_url}/api/v1/whatsapp/external/send/otp`, {
      method: 'POST',
      headers: { 'X-API-Key': api_key, 'Content-Type': 'application/json' },
      body: JSON.stringify({ to: '+12818184370', code: '482913', template_name: 'signup_otp' }),
    });
    for (const answer of await Promise.all([sent, fetch(dashboard_url), fetch(developers_url)])) {
      if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}: ${await answer.text()}`);
    }
    console.log(`ready after ${readyAfter} s, sent; the site was there after ${seconds()} s`);
  } finally {
    if (stack.exitCode === null) process.kill(-stack.pid, 'SIGINT');
    await ended;
  }
}

try {
  if (values.node) {
    run(folder, 'npm', 'install', '--no-audit', '--no-fund', '--prefix', folder, `node@${values.node}`);
    env.PATH = [path.join(folder, 'node_modules/node/bin'), env.PATH].join(path.delimiter);
  }
  run(folder, 'git', 'clone', '--quiet', process.cwd(), clone);
  run(clone, 'node', '--version');
  run(clone, 'npm', 'ci');
  await start();
  // The second `--` ends jest's list of projects, which would swallow them.
  run(clone, 'npm', 'test', ...(positionals.length > 0 ? ['--', '--', ...positionals] : []));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
