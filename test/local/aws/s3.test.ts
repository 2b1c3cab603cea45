import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startAws, type TestAws } from './aws-fixture.ts';

const DAY_SECONDS = 24 * 60 * 60;

let aws: TestAws;
beforeAll(async () => {
  aws = await startAws();
});
afterAll(() => aws?.stop());

const headers = { authorization: 'AWS4-HMAC-SHA256 Credential=local-admin/20260101/x/s3/aws4_request' };
const put = (key: string) => fetch(`${aws.url}/${key}`, { method: 'PUT', headers, body: 'bytes' });
const get = async (key: string) => (await fetch(`${aws.url}/${key}`, { headers })).status;

test('an object is gone when the lifecycle of its bucket says so; a bucket without one keeps it', async () => {
  aws.s3.expireAfter('short', 30);
  for (const key of ['short/a', 'long/a']) expect((await put(key)).status).toBe(200);
  aws.clock.advance((30 * DAY_SECONDS - 1) * 1000);
  expect([await get('short/a'), await get('long/a')]).toEqual([200, 200]);
  aws.clock.advance(1000);
  expect([await get('short/a'), await get('long/a')]).toEqual([404, 200]);
  expect((await put('short/a')).status).toBe(200);
  expect(await get('short/a')).toBe(200);
});
