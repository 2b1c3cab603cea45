import { afterEach, expect, test } from '@jest/globals';
import { createApi } from '../../../dashboard/app/api/client.ts';
import { oncePoster } from '../../../dashboard/app/api/once-poster.ts';

const { fetch } = globalThis;
afterEach(() => {
  globalThis.fetch = fetch;
});

/** An API that answers so, one after another: a status, or nothing. @returns the Idempotency-Key of each request */
function answering(...statuses: (number | null)[]) {
  const keys: string[] = [];
  globalThis.fetch = async (_url, init) => {
    keys.push(new Headers(init?.headers).get('Idempotency-Key') ?? '');
    const status = statuses.shift();
    if (!status) throw new TypeError('socket hang up');
    return Response.json(status === 409 ? { code: 'idempotency_in_progress' } : {}, { status });
  };
  return keys;
}
const api = () => createApi({ base: '', getToken: async () => 'token', onSignedOut: () => undefined });

test('the same asked for again has the same key until there is an answer, and another one after it', async () => {
  const keys = answering(null, 503, 409, 201, 201);
  const postOnce = oncePoster(api());
  const mint = () => postOnce('/api-keys', { name: 'Signup' }).catch(() => undefined);
  for (let time = 1; time <= 5; time += 1) await mint();
  expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 0, 0, 0, 4]);
});

test('other content is another wish, and so is the same after it was refused', async () => {
  const keys = answering(null, null, 400, 201);
  const postOnce = oncePoster(api());
  for (const name of ['Signup', 'Sign-up', 'Signup', 'Signup'])
    await postOnce('/api-keys', { name }).catch(() => undefined);
  expect(keys.map((key) => keys.indexOf(key))).toEqual([0, 1, 0, 3]);
});

test('a form that is opened again asks for something new', async () => {
  const keys = answering(null, 201);
  const client = api();
  for (let opened = 1; opened <= 2; opened += 1)
    await oncePoster(client)('/members', { email: 'new@demo.example' }).catch(() => undefined);
  expect(new Set(keys).size).toBe(2);
});

test('what shows a secret only once is asked for anew each time', async () => {
  const keys = answering(null, 200);
  const { post } = api();
  for (let time = 1; time <= 2; time += 1)
    await post('/whatsapp/connections/con_1/rotate-secret').catch(() => undefined);
  expect(new Set(keys).size).toBe(2);
});
