import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventStore } from '../../../shared/store/event-store.ts';
import { connectionTo, freshEvent } from '../../support/lane.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

const CREATED_AT = Date.UTC(2026, 10, 22, 12);
const DAY_SECONDS = 24 * 60 * 60;

let database: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  database = await realDynamodb({ events: ['brandShard', 'eventId'] });
}, 60_000);
afterAll(() => database?.stop());

// That the table deletes by `expiresAt`: test/infra/data.
test('an event with all its attempts goes 30 days after it was written down, whatever happens to it meanwhile', async () => {
  const events = eventStore(database.client, 'events');
  const connection = connectionTo('https://tenant.example/');
  const { event } = freshEvent(connection, CREATED_AT - 1000, 0);
  const ref = { brandId: connection.brandId, eventId: event.id };
  const stored = async () => {
    const found = await events.get(ref);
    if (!found) throw new Error('the event is gone');
    return found;
  };
  const attempt = async (number: number, status: 'retrying' | 'failed' | 'delivered', daysLater: number) => {
    const before = await stored();
    const at = CREATED_AT + daysLater * DAY_SECONDS * 1000;
    const result = { durationMs: 5, statusCode: 500, errorClass: 'status', response: 'no', nextAttemptAt: null };
    expect(await events.recordAttempt(before, { run: before.run, number, at, ...result }, status)).toBe(true);
  };
  const changes: [string, () => Promise<unknown>][] = [
    ['written down', () => events.insert(newEvent())],
    ['written down again', () => events.insert({ ...newEvent(), createdAt: CREATED_AT + 9 * DAY_SECONDS * 1000 })],
    ['the ladder goes on', () => attempt(1, 'retrying', 0)],
    ['exhausted', () => attempt(2, 'failed', 0.3)],
    ['parked', () => events.park(ref, 1, 'sqs-message', CREATED_AT)],
    ['replayed', () => events.startNextRun(ref, 1, 'failed', 'rec_a')],
    ['held', async () => events.hold(await stored())],
    ['released', () => events.startNextRun(ref, 2, 'held')],
    ['tried once more', () => attempt(1, 'retrying', 29)],
    ['a second copy got through', () => events.markDelivered(ref)],
  ];
  function newEvent() {
    const { brandId, connectionId } = connection;
    return {
      ...{ eventId: event.id, brandId, connectionId, type: event.type, event, status: 'retrying' as const, run: 1 },
      ...{ attempts: [], createdAt: CREATED_AT },
    };
  }
  for (const [change, make] of changes) {
    await make();
    expect([change, (await stored()).expiresAt - CREATED_AT / 1000]).toEqual([change, 30 * DAY_SECONDS]);
  }
  const { attempts, status, run } = await stored();
  expect([status, run, attempts.map(({ run: of, number }) => [of, number])]).toEqual([
    'delivered',
    3,
    [
      [1, 1],
      [1, 2],
      [3, 1],
    ],
  ]);
});
