import type { RequestListener } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from '@jest/globals';
import { endpointClient } from '../../../shared/webhooks/endpoint-client.ts';
import { closedPort, type HttpServer, startHttpServer } from '../../support/http-server.ts';

let server: HttpServer | undefined;
afterEach(() => server?.close());

// Long enough for a machine that is busy with other things.
const TIMEOUT_MS = 1200;
const local = endpointClient({ policy: 'allow-loopback', timeoutMs: TIMEOUT_MS });

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
  expect(answer.durationMs).toBeGreaterThanOrEqual(TIMEOUT_MS - 10);
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
    const client = endpointClient({ policy: 'public', timeoutMs: TIMEOUT_MS });
    expect((await client.post(url, {}, '')).errorClass).toMatch(/_not_allowed$/);
  },
);

test('a name that is public first and private later is called once: it is vetted before every attempt', async () => {
  let calls = 0;
  server = await startHttpServer((_request, response) => {
    calls++;
    response.end();
  });
  const answers = ['127.0.0.1', '10.0.0.1', '169.254.169.254'];
  let asked = 0;
  const resolve = async () => [{ address: answers[asked++] ?? '', family: 4 }];
  const client = endpointClient({ policy: 'allow-loopback', timeoutMs: TIMEOUT_MS, resolve });
  const url = `http://hooks.example.com:${new URL(server.url).port}/`;
  expect((await client.post(url, {}, '')).errorClass).toBeNull();
  expect((await client.post(url, {}, '')).errorClass).toBe('address_not_allowed');
  expect((await client.post(url, {}, '')).errorClass).toBe('address_not_allowed');
  // Asked once an attempt: the connection goes to the address that was vetted, not to another answer.
  expect([calls, asked]).toEqual([1, 3]);
});

test('a redirect to the metadata address is not followed', async () => {
  const answer = await post(
    (_request, response) =>
      void response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
  );
  expect(answer).toMatchObject({ statusCode: 307, errorClass: 'redirect' });
});

test('a gzip bomb stays packed, and 10 MB are cut', async () => {
  const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024));
  const packed = await post(
    (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  );
  expect(packed.errorClass).toBeNull();
  expect(Buffer.byteLength(packed.response, 'latin1')).toBeLessThanOrEqual(4096);
  await server?.close();
  const large = await post((_request, response) => void response.end('x'.repeat(10 * 1024 * 1024)));
  expect(large.response).toHaveLength(4096);
});

test.each([200, 500])('a body that trickles after a %s ends with the time limit', async (status) => {
  const answer = await post((_request, response) => {
    response.writeHead(status);
    const trickle = setInterval(() => response.write('x'), 20);
    response.on('close', () => clearInterval(trickle));
  });
  expect(answer.statusCode).toBe(status);
  expect(answer.durationMs).toBeLessThan(4 * TIMEOUT_MS);
});

test('another protocol in place of an answer is a failure like any other', async () => {
  const answer = await post((request) => {
    request.socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  });
  expect(answer).toMatchObject({ statusCode: 101, errorClass: 'status', response: '' });
});

test('of what is no text no more is kept than of a text, and a character is not cut', async () => {
  const noise = await post((_request, response) => void response.writeHead(500).end(Buffer.alloc(9000, 0xff)));
  expect(Buffer.byteLength(noise.response)).toBeLessThanOrEqual(4096);
  expect(noise.response.length).toBeGreaterThan(1000);
  server?.close();
  const text = await post((_request, response) => void response.writeHead(500).end(`a${'ä'.repeat(4000)}`));
  expect(text.response).toBe(`a${'ä'.repeat(2047)}`);
});

test('headers that never end are a timeout', async () => {
  const answer = await post((request) => void request.socket.write('HTTP/1.1 200 OK\r\nX-A: 1\r\n'));
  expect(answer).toMatchObject({ statusCode: null, errorClass: 'timeout' });
});
