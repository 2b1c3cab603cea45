import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildAssembly } from '../../local/build.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';
import { sendOtp, sentMessages } from '../support/tenant.ts';

/** send-otp looks its templates up with it. */
const TAKEN = 'dynamodb:Query';

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
  const answer = await sendOtp(stack);
  expect(answer.status).toBe(503);
  expect(answer.body).toMatchObject({ code: 'unavailable', retryable: true });
  expect(answer.text).not.toContain('AccessDenied');
  const log = readFileSync(path.join(stack.logs, 'send-otp.log'), 'utf8');
  expect(log).toMatch(/AccessDeniedException/);
  expect(log).toMatch(/is not authorized to perform: dynamodb:Query on resource: arn:aws:dynamodb:/);
  expect(await sentMessages(stack)).toEqual([]);
});
