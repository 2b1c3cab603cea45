import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import type { SiteFile } from '../../../local/edge/bucket-files.ts';
import type { Behavior } from '../../../local/edge/distribution.ts';
import { type Edge, startEdge } from '../../../local/edge/server.ts';
import { viewerFunction } from '../../../local/edge/viewer-function.ts';

const file = (text: string, contentType = 'text/html'): SiteFile => ({
  body: Buffer.from(text),
  contentType,
  cacheControl: 'no-cache',
  etag: `"${text.length}"`,
});
const long = 'a page '.repeat(500);
const files = new Map([
  ['index.html', file(long)],
  ['small.html', file('small')],
  ['font.woff2', file(long, 'font/woff2')],
]);
const rewrite = viewerFunction(
  'paths',
  `function handler(event) {
    if (event.request.uri === '/old') return { statusCode: 301, headers: { location: { value: '/' } } };
    if (event.request.uri === '/no') return { statusCode: 404, body: { encoding: 'text', data: 'no such page' } };
    if (event.request.uri === '/') event.request.uri = '/index.html';
    return event.request;
  }`,
);
const readOnly = new Set(['GET', 'HEAD']);
const behaviors: Behavior[] = [
  {
    path: /^\/api\/.*$/,
    methods: new Set(['GET', 'HEAD', 'POST']),
    rewrite: undefined,
    headers: { 'X-Content-Type-Options': 'nosniff' },
    isCompressed: false,
    origin: { kind: 'api' },
  },
  {
    path: /^.*$/,
    methods: readOnly,
    rewrite,
    headers: { 'Content-Security-Policy': "default-src 'none'" },
    isCompressed: true,
    origin: { kind: 'files', files },
  },
];

let edge: Edge;
/** Says what it was asked. */
const api = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    response
      .writeHead(409, { 'Content-Type': 'application/problem+json' })
      .end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString() }));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  edge = await startEdge({ port: 0, behaviors, apiUrl });
});
afterAll(async () => {
  await edge.stop();
  api.close();
});

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${edge.url}${path}`, { headers, redirect: 'manual' });

describe('files', () => {
  test('have the headers of their deployment and of the policy', async () => {
    const response = await get('/small.html');
    expect(await response.text()).toBe('small');
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html',
      'cache-control': 'no-cache',
      etag: '"5"',
      'content-security-policy': "default-src 'none'",
    });
  });

  test('are found by the address that the function gives', async () => {
    expect(await (await get('/')).text()).toBe(long);
  });

  test('may be answered by the function itself', async () => {
    const response = await get('/no');
    expect([response.status, await response.text()]).toEqual([404, 'no such page']);
    expect(response.headers.get('content-security-policy')).toBe("default-src 'none'");
  });

  test('are not sent again to who has them', async () => {
    const response = await get('/small.html', { 'If-None-Match': '"5"' });
    expect([response.status, await response.text()]).toEqual([304, '']);
  });

  test('go compressed when they are text and long enough', async () => {
    const encodingOf = async (path: string, accepted: string) => {
      const response = await get(path, { 'Accept-Encoding': accepted });
      await response.arrayBuffer();
      return response.headers.get('content-encoding');
    };
    expect(await encodingOf('/', 'gzip, br')).toBe('br');
    expect(await encodingOf('/', 'gzip')).toBe('gzip');
    expect(await encodingOf('/small.html', 'gzip, br')).toBeNull();
    expect(await encodingOf('/font.woff2', 'gzip, br')).toBeNull();
    expect(gunzipSync(await raw('/')).toString()).toBe(long);
  });

  test('that are not there are 404, with the headers of a page', async () => {
    const response = await get('/nothing.html');
    expect([response.status, response.headers.get('content-security-policy')]).toEqual([404, "default-src 'none'"]);
  });

  test('are read only', async () => {
    expect((await fetch(`${edge.url}/small.html`, { method: 'POST', body: 'x' })).status).toBe(403);
  });
});

describe('files that are not built yet', () => {
  const withoutFiles = behaviors.map((behavior) => ({
    ...behavior,
    origin: behavior.origin.kind === 'api' ? behavior.origin : { ...behavior.origin, files: new Map() },
  }));
  const start = async () => {
    const built = Promise.withResolvers<Behavior[]>();
    const apiUrl = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    const early = await startEdge({ port: 0, behaviors: withoutFiles, withFiles: built.promise, apiUrl });
    return { early, built };
  };

  test('are waited for, while calls go on at once', async () => {
    const { early, built } = await start();
    const page = fetch(`${early.url}/small.html`);
    expect((await fetch(`${early.url}/api/v1/things`)).status).toBe(409);
    built.resolve(behaviors);
    expect(await (await page).text()).toBe('small');
    await early.stop();
  });

  test('and do not build are said to, to who asks', async () => {
    const { early, built } = await start();
    built.reject(new Error('a budget is exceeded'));
    const page = await fetch(`${early.url}/small.html`);
    expect([page.status, await page.text()]).toEqual([503, 'The site does not build: npm start says why.\n']);
    await early.stop();
  });
});

test('the function may answer itself', async () => {
  const response = await get('/old');
  expect([response.status, response.headers.get('location')]).toEqual([301, '/']);
});

test('calls go on with everything but their host, and come back as they are', async () => {
  const response = await fetch(`${edge.url}/api/v1/things?a=1&a=2`, {
    method: 'POST',
    headers: { 'X-API-Key': 'qxs_key', 'Content-Type': 'application/json' },
    body: '{"to":1}',
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([409, 'application/problem+json']);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const asked = z.looseObject({ headers: z.record(z.string(), z.string()) }).parse(await response.json());
  expect(asked).toMatchObject({
    method: 'POST',
    url: '/api/v1/things?a=1&a=2',
    headers: { 'x-api-key': 'qxs_key', 'content-type': 'application/json' },
    body: '{"to":1}',
  });
  expect(asked.headers.host).toBe(`127.0.0.1:${(api.address() as AddressInfo).port}`);
});

test('code without a handler is refused at the start', () => {
  expect(() => viewerFunction('paths', 'const x = 1;')).toThrow('paths has no function handler');
});

/** Bytes as they go over the wire: fetch would decompress them. */
async function raw(path: string): Promise<Buffer> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const sent = request(`${edge.url}${path}`, { headers: { 'Accept-Encoding': 'gzip' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks)));
    });
    sent.on('error', reject);
    sent.end();
  });
}
