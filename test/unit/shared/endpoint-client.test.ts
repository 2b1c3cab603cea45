import type { RequestListener } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { endpointClient } from '../../../shared/webhooks/endpoint-client.ts';
import { closedPort, type HttpServer, startHttpServer } from '../../support/http-server.ts';

let server: HttpServer | undefined;
afterEach(() => server?.close());

const local = endpointClient({ policy: 'allow-loopback', timeoutMs: 300 });

async function post(listener: RequestListener) {
  server = await startHttpServer(listener);
  return local.post(`${server.url}/hook`, { 'X-Test': '1' }, '{"a":"ä"}');
}

test('a 2xx is a success; the body arrives as it was signed', async () => {
  let received = '';
  const answer = await post((request, response) => {
    request.on('data', (chunk) => {
      received += chunk;
    });
    request.on('end', () => response.writeHead(204).end());
  });
  expect(answer).toMatchObject({ statusCode: 204, errorClass: null });
  expect(received).toBe('{"a":"ä"}');
});

test('a redirect is a failure and is not followed', async () => {
  let calls = 0;
  const answer = await post((_request, response) => {
    calls++;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  expect(answer).toMatchObject({ statusCode: 302, errorClass: 'redirect' });
  expect(calls).toBe(1);
});

test.each([
  ['seconds', '120', 120],
  ['a date', new Date(Date.now() + 90_000).toUTCString(), 90],
  ['nonsense', 'soon', null],
])('Retry-After as %s', async (_name, value, expected) => {
  const answer = await post((_request, response) => void response.writeHead(503, { 'retry-after': value }).end());
  expect(answer).toMatchObject({ statusCode: 503, errorClass: 'status' });
  if (expected === null) expect(answer.retryAfterSeconds).toBeNull();
  else expect(Math.abs((answer.retryAfterSeconds ?? 0) - expected)).toBeLessThanOrEqual(1);
});

test('no answer in time', async () => {
  const answer = await post(() => {});
  expect(answer).toMatchObject({ statusCode: null, errorClass: 'timeout' });
  expect(answer.durationMs).toBeGreaterThanOrEqual(290);
});

test('of a large or endless answer the first 4 KiB are kept', async () => {
  const answer = await post((_request, response) => {
    response.writeHead(500);
    const flood = setInterval(() => response.write('x'.repeat(3000)), 1);
    response.on('close', () => clearInterval(flood));
  });
  expect(answer).toMatchObject({ statusCode: 500, errorClass: 'status' });
  expect(answer.response).toHaveLength(4096);
});

test('a 2xx whose body never ends was a 2xx', async () => {
  const answer = await post((_request, response) => void response.writeHead(200).write('x'));
  expect(answer).toMatchObject({ statusCode: 200, errorClass: null, response: 'x' });
});

test('nobody listens', async () => {
  const answer = await local.post(`http://127.0.0.1:${await closedPort()}/`, {}, '');
  expect(answer).toMatchObject({ statusCode: null, errorClass: 'connection_refused' });
});

test('a name that does not resolve', async () => {
  expect(await local.post('http://hooks.invalid/', {}, '')).toMatchObject({ errorClass: 'dns' });
});

test('a connection that is reset', async () => {
  const answer = await post((request) => void request.socket.destroy());
  expect(answer).toMatchObject({ statusCode: null, errorClass: 'connection_lost' });
});

test('a kept connection that died while we slept costs no attempt', async () => {
  let calls = 0;
  server = await startHttpServer((request, response) => {
    calls++;
    // The second request comes on the kept connection; it dies without an answer, as one does that a server had given up.
    if (calls === 2) request.socket.destroy();
    else response.end('ok');
  });
  const url = `${server.url}/hook`;
  expect(await local.post(url, {}, '1')).toMatchObject({ errorClass: null });
  expect(await local.post(url, {}, '2')).toMatchObject({ errorClass: null });
  expect(calls).toBe(3);
});

test.each(['http://localhost/', 'https://localhost/', 'not a url', 'https://10.0.0.1/'])(
  'the public policy makes no call to %s',
  async (url) => {
    const client = endpointClient({ policy: 'public', timeoutMs: 300 });
    expect((await client.post(url, {}, '')).errorClass).toMatch(/_not_allowed$/);
  },
);
