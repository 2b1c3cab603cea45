import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endpointStore } from '../../../shared/store/endpoint-store.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

const START = Date.UTC(2026, 10, 22, 12);

let database: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  database = await realDynamodb({ endpoints: ['connectionId'] });
}, 60_000);
afterAll(() => database?.stop());

test.each([
  ['disabled', 'gone'],
  ['blocked', 'address_not_allowed'],
] as const)('an endpoint is not %s by who read it before it was enabled', async (state, reason) => {
  const store = endpointStore(database.client, 'endpoints');
  const ref = { connectionId: `con_${state}`, brandId: 'brd_1' };
  const end = (seen: Awaited<ReturnType<typeof store.get>>, now: number) =>
    reason === 'gone' ? store.disable(seen, reason, now) : store.block(seen, reason, now);

  // An event is a ref as well; of an endpoint nothing is known of there is no item.
  const healthy = await store.get({ ...ref, attempts: [] } as typeof ref);
  await store.enable(ref, START, START);
  expect(await end(healthy, START + 1)).toBeNull();
  const once = await store.get(ref);
  await store.enable(ref, START + 2, START);
  expect(await end(once, START + 3)).toBeNull();
  expect(await store.get(ref)).toMatchObject({ state: 'closed' });

  expect(await end(await store.get(ref), START + 4)).toMatchObject({ state, reason });
  // Nor twice.
  expect(await end(await store.get(ref), START + 5)).toBeNull();
});
