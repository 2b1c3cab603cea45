import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listen } from '../../local/ports.ts';
import { smoke } from '../../scripts/smoke/checks.ts';
import { SCOPES } from '../../shared/scopes.ts';
import { type RunningStack, startStack } from '../support/local-stack.ts';
import { mintKey } from '../support/tenant.ts';

let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());

test('the smoke test passes on the local stack, with the demo key and with a sandbox key', async () => {
  const sandbox = await mintKey(stack, [...SCOPES], { mode: 'test' });
  for (const key of [stack.api_key, sandbox]) {
    const said: string[] = [];
    const failures = await smoke({ url: `${stack.api_url}/api`, key, sends: true }, (line) => said.push(line));
    expect(said.filter((line) => line.includes('FAIL'))).toEqual([]);
    expect([failures, said.length]).toEqual([0, 11]);
  }
});

test('it fails where something else answers', async () => {
  const other = createServer((_request, response) => void response.writeHead(200).end('It works!'));
  const url = await listen(other, 0);
  const failures = await smoke({ url, key: stack.api_key, sends: false }, () => undefined);
  other.close();
  other.closeAllConnections();
  expect(failures).toBeGreaterThan(7);
});
