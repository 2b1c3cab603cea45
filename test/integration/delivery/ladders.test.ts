import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endpointStore } from '../../../shared/store/endpoint-store.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const REF = { connectionId: 'con_a', brandId: 'brd_a' };

let database: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  database = await realDynamodb({ endpoints: ['connectionId'] });
}, 60_000);
afterAll(() => database?.stop());

test('ladders of before an outage do not make room for more of the next one', async () => {
  const endpoints = endpointStore(database.client, 'endpoints');
  for (let begun = 0; begun < 3; begun += 1) await endpoints.addLadder(REF, NOW);
  await endpoints.open(REF, NOW);
  await endpoints.close(REF, NOW);
  expect((await endpoints.get(REF)).ladders).toBe(0);
  for (let ended = 0; ended < 3; ended += 1) await endpoints.removeLadder(REF);
  expect((await endpoints.addLadder(REF, NOW)).ladders).toBe(1);
  expect((await endpoints.removeLadder(REF)).ladders).toBe(0);
});
