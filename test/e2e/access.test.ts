import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildAssembly } from '../../local/build.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';
import { sendOtp, sentMessages } from '../support/tenant.ts';

/** A right that send-otp needs with an Idempotency-Key, and no other function has. */
const TAKEN = 'dynamodb:DeleteItem';
const NEEDED_WHEN_META_THROTTLES = '+15550102429';

let directory: string;
let stack: RunningStack;
let removed = 0;

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'assembly-'));
  cpSync(await buildAssembly(true, () => {}), directory, { recursive: true });
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.template.json'))) {
    const text = readFileSync(path.join(directory, file), 'utf8');
    removed += text.split(`"${TAKEN}"`).length - 1;
    // Another right in its place keeps the policy well-formed.
    writeFileSync(path.join(directory, file), text.replaceAll(`"${TAKEN}"`, '"dynamodb:DescribeTable"'));
  }
  stack = await startStack({ assembly: directory });
}, 120_000);
afterAll(async () => {
  await stack?.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('a grant taken out of a role in the template makes the matching request fail, with AccessDenied in the log', async () => {
  expect(removed).toBeGreaterThan(0);
  const usual = await sendOtp(stack, { headers: { 'Idempotency-Key': 'usual' } });
  expect(usual.status).toBe(200);

  // Nothing was sent, and the caller is told so; but the key could not be released, which the log says.
  const throttled = await sendOtp(stack, {
    headers: { 'Idempotency-Key': 'throttled' },
    body: { to: NEEDED_WHEN_META_THROTTLES, code: '482913', template_name: 'signup_otp' },
  });
  expect(throttled.status).toBe(429);
  const log = readFileSync(path.join(stack.logs, 'send-otp.log'), 'utf8');
  expect(log).toMatch(/AccessDeniedException/);
  expect(log).toMatch(/is not authorized to perform: dynamodb:DeleteItem on resource: arn:aws:dynamodb:/);
  expect(await sentMessages(stack)).toHaveLength(1);
});
