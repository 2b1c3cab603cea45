import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { graphClient } from '../../../shared/meta/graph-client.ts';
import { closedPort, type HttpServer, startHttpServer } from '../../support/http-server.ts';

const FROM = { phoneNumberId: '300000000000001', accessToken: 'token-of-the-test' };
const ACCEPTED = { messages: [{ id: 'wamid.OUT1' }], contacts: [{ input: '+15550101234', wa_id: '15550101234' }] };

let server: HttpServer | undefined;
afterEach(() => server?.close());

async function send(listener: RequestListener, timeoutMs = 1000) {
  server = await startHttpServer(listener);
  const client = graphClient({ baseUrl: server.url, version: 'v26.0', timeoutMs, now: Date.now });
  return client.sendMessage(FROM, { type: 'text' });
}

const answer = (status: number, body: unknown) => (_request: IncomingMessage, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

test('a message Meta took', async () => {
  let seen: IncomingMessage | undefined;
  const outcome = await send((request, response) => {
    seen = request;
    answer(200, ACCEPTED)(request, response);
  });
  expect(outcome).toEqual({ kind: 'accepted', waMessageId: 'wamid.OUT1', waId: '15550101234' });
  expect(seen?.url).toBe('/v26.0/300000000000001/messages');
  expect(seen?.headers.authorization).toBe('Bearer token-of-the-test');
});

test('a message Meta refused, with its error unchanged', async () => {
  const error = {
    message: '(#131008) …',
    type: 'OAuthException',
    code: 131008,
    error_data: { details: 'x' },
    fbtrace_id: 'A',
  };
  expect(await send(answer(400, { error }))).toEqual({ kind: 'refused', error });
});

test.each([
  [
    'an error page of a proxy',
    (_q: IncomingMessage, response: ServerResponse) => void response.writeHead(502).end('<html>'),
  ],
  ['a success that is not JSON', (_q: IncomingMessage, response: ServerResponse) => void response.end('OK')],
  ['a success without a message id', answer(200, { messages: [] })],
])('%s leaves the outcome unknown', async (_name, listener) => {
  expect(await send(listener)).toEqual({ kind: 'unknown', reason: 'unreadable_answer' });
});

test('no answer in time leaves the outcome unknown', async () => {
  expect(await send(() => {}, 50)).toEqual({ kind: 'unknown', reason: 'timeout' });
});

test('an answer that drips beyond the limit leaves the outcome unknown', async () => {
  const outcome = await send((_request, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(drip));
  }, 80);
  expect(outcome).toEqual({ kind: 'unknown', reason: 'timeout' });
});

test('a connection lost after the request was written leaves the outcome unknown', async () => {
  const outcome = await send((request) => void request.on('end', () => request.socket.destroy()).resume());
  expect(outcome).toEqual({ kind: 'unknown', reason: 'connection_lost' });
});

test('a connection that could not be made sent nothing', async () => {
  const client = graphClient({
    baseUrl: `http://127.0.0.1:${await closedPort()}`,
    version: 'v26.0',
    timeoutMs: 1000,
    now: Date.now,
  });
  expect(await client.sendMessage(FROM, {})).toMatchObject({ kind: 'not_sent' });
});

test('a name that does not resolve sent nothing', async () => {
  const client = graphClient({ baseUrl: 'http://graph.invalid', version: 'v26.0', timeoutMs: 5000, now: Date.now });
  expect(await client.sendMessage(FROM, {})).toMatchObject({ kind: 'not_sent' });
});

test('a connection is kept, but not one that was idle for long', async () => {
  let nowMs = 1_000_000;
  const sockets = new Set<unknown>();
  server = await startHttpServer((request, response) => {
    sockets.add(request.socket.remotePort);
    answer(200, ACCEPTED)(request, response);
  });
  const client = graphClient({ baseUrl: server.url, version: 'v26.0', timeoutMs: 1000, now: () => nowMs });
  await client.sendMessage(FROM, {});
  await client.sendMessage(FROM, {});
  expect(sockets.size).toBe(1);
  nowMs += 60_000;
  await client.sendMessage(FROM, {});
  expect(sockets.size).toBe(2);
});

test('after long idleness calls that begin together do not end each other', async () => {
  let nowMs = 1_000_000;
  server = await startHttpServer(
    (request, response) => void setTimeout(() => answer(200, ACCEPTED)(request, response), 30),
  );
  const client = graphClient({ baseUrl: server.url, version: 'v26.0', timeoutMs: 1000, now: () => nowMs });
  await client.sendMessage(FROM, {});
  nowMs += 60_000;
  const together = await Promise.all([1, 2, 3].map(() => client.sendMessage(FROM, {})));
  expect(together.map(({ kind }) => kind)).toEqual(['accepted', 'accepted', 'accepted']);
});
