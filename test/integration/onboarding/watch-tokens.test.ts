import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { noteToken } from '../../../functions/record-event/note-token.ts';
import { recordUpdates } from '../../../functions/record-event/record-updates.ts';
import { watchTokens } from '../../../functions/watch-tokens/watch-tokens.ts';
import { changeLog } from '../../../shared/audit/change-log.ts';
import { EVENT_TYPES } from '../../../shared/events/event-types.ts';
import { InboundBatch, InboundUpdate } from '../../../shared/events/inbound-update.ts';
import { accountCalls } from '../../../shared/meta/account-calls.ts';
import { graphClient } from '../../../shared/meta/graph-client.ts';
import { connectionStore } from '../../../shared/store/connection-store.ts';
import { metaUpdateStore } from '../../../shared/store/meta-update-store.ts';
import type { Delivery } from '../../../shared/webhooks/delivery.ts';
import { GRAPH_VERSION } from '../../local/meta-simulator/support.ts';
import { DEAD, startWorld, type World, wishOf } from './world.ts';

const DAY_SECONDS = 24 * 60 * 60;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

/** A connection whose token lives so long, as the daily watch finds it. */
async function connected(livesSeconds: number) {
  const account = await world.addAccount();
  const accessToken = await world.addToken({ waba_id: account.waba_id, expires_in_seconds: livesSeconds });
  const wish = wishOf(account, { accessToken, eventFilter: [...EVENT_TYPES] });
  const made = await world.request(null).onboard(wish);
  if (made === DEAD) throw new Error('nobody was to die');
  // Noted when it was connected; here the watch is the first to see it.
  const { connection } = made;
  await world.connections.put({ ...connection, token: { ...connection.token!, state: 'valid' } });
  const row = async () => (await world.connections.get(connection.connectionId))!;
  return { connection, row };
}

/** One run of the watch over one connection, and what record-event makes of its news. */
async function watch({ connection, row }: Awaited<ReturnType<typeof connected>>) {
  const queued: string[] = [];
  const accounts = accountCalls(
    graphClient({ baseUrl: world.simulation.meta.url, version: GRAPH_VERSION, timeoutMs: 5000, now: Date.now }),
  );
  const store = connectionStore(world.documents, 'connections');
  await watchTokens({
    connections: store,
    round: async (work) => work(await row()),
    secretOf: async ({ connectionId }) => (await world.secrets.read(connectionId))!.value,
    accounts,
    appId: world.simulation.meta.appId,
    enqueue: async ({ text }) => void queued.push(text),
    now: world.now,
  })(() => 60_000);
  const deliveries: Delivery[] = [];
  const refuse = async (): Promise<never> => {
    throw new Error('not in this test');
  };
  const record = recordUpdates({
    connectionOf: row,
    connectionsOfWaba: async () => [await row()],
    messages: {
      insert: refuse,
      recordStatus: refuse,
      reconcile: refuse,
      getMany: async () => [],
      idOfWaMessage: refuse,
    },
    templates: { find: refuse, apply: refuse },
    metaUpdates: metaUpdateStore(world.documents, 'meta-updates'),
    touchConversation: refuse,
    copyMedia: refuse,
    noteToken: noteToken({ connections: store, changes: changeLog(world.documents, 'audit-log', world.now) }),
    enqueue: async (made) => void deliveries.push(...made),
    now: world.now,
    sleep: async () => {},
  });
  for (const text of queued) {
    const { updates } = InboundBatch.parse(JSON.parse(text));
    expect(await record(updates.map((one) => InboundUpdate.parse(one)))).toEqual([true]);
  }
  const told = deliveries.flatMap((one) => (one.kind === 'fresh' ? [one.event] : []));
  const lines = (await world.rows('audit-log')).filter(
    ({ organisationId, action }) =>
      organisationId === connection.organisationId && String(action).startsWith('connection.token'),
  );
  return { told: told.map(({ type, data }) => ({ type, data })), lines };
}

test('a token that ends within 14 days marks the connection, is in the audit log, and the tenant hears of it', async () => {
  const one = await connected(5 * DAY_SECONDS);
  const { told, lines } = await watch(one);
  expect(told).toMatchObject([{ type: 'account.updated', data: { change: 'token', event: 'TOKEN_EXPIRING' } }]);
  const { token } = await one.row();
  expect(token).toMatchObject({ state: 'expiring', setAt: one.connection.token?.setAt });
  expect((token?.expiresAt ?? 0) - world.now()).toBeLessThanOrEqual(5 * DAY_SECONDS * 1000);
  expect(lines).toMatchObject([
    { action: 'connection.token_expiring', before: { state: 'valid' }, after: { state: 'expiring' } },
  ]);
  // Looked at every day, and told once.
  world.pass(DAY_SECONDS * 1000);
  const next = await watch(one);
  expect(next.told).toEqual([]);
  expect(next.lines).toHaveLength(1);
});

test('one that lives longer is only noted', async () => {
  const one = await connected(30 * DAY_SECONDS);
  const { told, lines } = await watch(one);
  expect([told, lines]).toEqual([[], []]);
  expect((await one.row()).token).toMatchObject({ state: 'valid', checkedAt: expect.any(Number) });
});

test('one that has ended marks it dead, and is not looked at again', async () => {
  const one = await connected(5 * DAY_SECONDS);
  await world.simulation.call('DELETE', '/_tokens', {
    access_token: (await world.secrets.read(one.connection.connectionId))?.value.access_token,
  });
  const { told, lines } = await watch(one);
  expect(told).toMatchObject([{ type: 'account.updated', data: { event: 'TOKEN_INVALID' } }]);
  expect(lines).toMatchObject([{ action: 'connection.token_invalid' }]);
  expect((await one.row()).token?.state).toBe('dead');
  expect((await watch(one)).told).toEqual([]);
});
