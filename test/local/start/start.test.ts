import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Locked, takeLock } from '../../../local/lock.ts';
import { eventually, type RunningStack, startStack } from '../../support/local-stack.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const temporary = () => mkdtempSync(path.join(tmpdir(), 'start-'));

const run = (...options: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'local/start.ts', ...options],
    {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
      timeout: 20_000,
    },
  );
  return { status, stdout, stderr };
};

describe('what a person got wrong is one line', () => {
  test('an option that does not exist', () => {
    expect(run('--bogus')).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Unknown option '--bogus'.*\n$/),
    });
  });

  test('a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const stateDir = temporary();
    const { status, stderr } = run('--state-dir', stateDir, '--base-port', '39870', '--port', String(port));
    server.close();
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(new RegExp(`^Port ${port} is in use.*--base-port.*\n$`)),
    });
    expect(existsSync(path.join(stateDir, 'lock'))).toBe(false);
  });

  test('a Node that is too old, told by a file that it can read', () => {
    const source = readFileSync(path.join(root, 'local/check-node.mjs'), 'utf8');
    const asOld = source.replace('process.versions.node.split', "'20.11.0'.split");
    const file = path.join(temporary(), 'check-node.mjs');
    writeFileSync(file, asOld);
    const { status, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^Node 24 is needed.*npm start\n$/),
    });
  });
});

describe('a lock', () => {
  test('is held by one', () => {
    const file = path.join(temporary(), 'lock');
    writeFileSync(
      file,
      readFileSync(`/proc/${process.ppid}/stat`, 'utf8').replace(/^(\d+) .*\) (?:\S+ ){19}(\S+) .*$/s, '$1 $2'),
    );
    expect(() => takeLock(file)).toThrow(Locked);
  });

  test.each([
    ['a process that is gone', '999999999 1'],
    ['an id that another process has now', `${process.ppid} 1`],
    ['garbage', 'x'],
  ])('left behind by %s is taken over', (_name, content) => {
    const file = path.join(temporary(), 'lock');
    writeFileSync(file, content);
    const release = takeLock(file);
    expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^${process.pid}`));
    release();
    expect(existsSync(file)).toBe(false);
  });
});

describe('the stack', () => {
  let stack: RunningStack;
  beforeAll(async () => {
    stack = await startStack();
  }, 120_000);
  afterAll(async () => {
    await stack?.stop();
  }, 30_000);

  const sendOtp = () =>
    stack.api('POST', '/v1/whatsapp/external/send/otp', {
      body: { to: '+12818184370', code: '482913', template_name: 'signup_otp' },
    });

  test('sends the quickstart, and the tenant hears of it', async () => {
    const response = await sendOtp();
    expect([response.status, await response.json()]).toMatchObject([200, { status: 'accepted' }]);
    const received = await eventually(
      () => stack.receiver.received({ event_type: 'message.sent' }),
      (all) => all.length > 0,
    );
    expect(received[0]).toMatchObject({ answered: 200, signature_valid: true });
  }, 30_000);

  test('keeps what is in stack.json for its owner', () => {
    expect(statSync(path.join(stack.stateDir, 'stack.json')).mode & 0o777).toBe(0o600);
  });

  test('tells of its parts, and what each function called', async () => {
    const health = await stack.control.health();
    expect(Object.keys(health.queues)).toContain('deliveries');
    expect(Object.keys(health.functions)).toContain('send-otp');
    expect((await stack.control.calls())['send-otp']).toHaveProperty(['dynamodb:PutItem']);
    await stack.control.resetCalls();
    expect((await stack.control.calls())['send-otp']).toBeUndefined();
  });

  test('moves its time on request, and functions see it', async () => {
    const before = Date.parse((await stack.control.health()).clock.now);
    await stack.control.advance(7200);
    expect(Date.parse((await stack.control.health()).clock.now) - before).toBeGreaterThanOrEqual(7_200_000);
    const { created_at } = (await (await sendOtp()).json()) as { created_at: string };
    expect(Date.parse(created_at) - before).toBeGreaterThanOrEqual(7_200_000);
  });

  test.each([
    ['PUT', '/clock', { scale: -1 }, 400],
    ['PUT', '/clock', 'no json', 400],
    ['POST', '/functions/nobody/kill', {}, 404],
    ['GET', '/nothing', undefined, 404],
  ])('refuses %s %s %j with %i', async (method, call, body, status) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${stack.control_url}${call}`, {
      method,
      ...(body === undefined ? {} : { body: text }),
    });
    expect(response.status).toBe(status);
  });

  test('ends environments on request', async () => {
    const before = (await stack.control.health()).functions['send-otp']!.coldStarts;
    expect(await stack.control.kill('send-otp')).toMatchObject({ killed: expect.any(Number) });
    expect((await sendOtp()).status).toBe(200);
    expect((await stack.control.health()).functions['send-otp']!.coldStarts).toBe(before + 1);
  });

  test('refuses a second start on its state in one line', () => {
    const { status, stderr } = run('--state-dir', stack.stateDir, '--base-port', '39870');
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^A stack runs on .* already \(process \d+\).*\n$/),
    });
  });

  test('takes its state up again after a kill, and ends with 0', async () => {
    await stack.kill();
    await stack.restart();
    expect((await sendOtp()).status).toBe(200);
    const file = path.join(stack.stateDir, 'stack.json');
    expect(existsSync(file)).toBe(true);
    expect(await stack.stop()).toBe(0);
    expect(existsSync(file)).toBe(false);
  }, 60_000);
});
