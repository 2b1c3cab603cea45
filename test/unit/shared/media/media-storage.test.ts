import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { mediaStorage } from '../../../../shared/media/media-storage.ts';

type Put = { method: string | undefined; url: URL; headers: Record<string, unknown>; body: string };

const puts: Put[] = [];
let answer = { status: 200, body: '' };

const s3 = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  puts.push({ method: request.method, url: new URL(`http://s3${request.url}`), headers: request.headers, body });
  response.writeHead(answer.status).end(answer.body);
});

beforeAll(async () => {
  await new Promise<void>((resolve) => s3.listen(0, '127.0.0.1', resolve));
  process.env.AWS_REGION = 'eu-central-1';
  process.env.AWS_ACCESS_KEY_ID = 'AKIDEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'example';
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(s3.address() as AddressInfo).port}`;
});
afterAll(() => {
  s3.close();
});
beforeEach(() => {
  puts.length = 0;
  answer = { status: 200, body: '' };
});

test('puts a file with its type, and its MD5 for S3 to compare', async () => {
  await mediaStorage('files').put('brd_1/msg_1', Buffer.from('a picture'), 'image/jpeg');
  const [put] = puts;
  expect(put).toMatchObject({ method: 'PUT', body: 'a picture', headers: { 'content-type': 'image/jpeg' } });
  expect(put!.url.pathname).toBe('/files/brd_1/msg_1');
  expect(put!.url.searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
  expect(put!.headers['content-md5']).toBe(createHash('md5').update('a picture').digest('base64'));
});

test("fails with S3's code and nothing else of its answer", async () => {
  answer = { status: 503, body: '<Error><Code>SlowDown</Code><Resource>/files/brd_1</Resource></Error>' };
  const put = mediaStorage('files').put('brd_1/msg_1', Buffer.from('a picture'), 'image/jpeg');
  await expect(put).rejects.toThrow('S3 answered 503 (SlowDown) to a file');
});

test('a link is offered for download, and expires', async () => {
  const link = new URL(await mediaStorage('files').link('brd_1/msg_1', 300));
  expect(link.pathname).toBe('/files/brd_1/msg_1');
  expect(Object.fromEntries(link.searchParams)).toMatchObject({
    'response-content-disposition': 'attachment',
    'X-Amz-Expires': '300',
    'X-Amz-SignedHeaders': 'host',
  });
});

test("without an endpoint of one machine, the bucket's own host", async () => {
  delete process.env.AWS_ENDPOINT_URL;
  const link = new URL(await mediaStorage('files').link('brd_1/msg_1', 300));
  expect(link.origin).toBe('https://files.s3.eu-central-1.amazonaws.com');
});
