import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { recordUpdates } from '../../../functions/record-event/record-updates.ts';
import { sweepSends } from '../../../functions/sweep-sends/sweep-sends.ts';
import type { TenantEvent } from '../../../shared/events/envelope.ts';
import type { StatusUpdate } from '../../../shared/events/inbound-update.ts';
import { newId } from '../../../shared/ids.ts';
import { checkpointStore } from '../../../shared/store/checkpoint-store.ts';
import { idempotencyStore } from '../../../shared/store/idempotency-store.ts';
import { messageStore } from '../../../shared/store/message-store.ts';
import { silentMessageStore } from '../../../shared/store/silent-message-store.ts';
import type { Delivery } from '../../../shared/webhooks/delivery.ts';
import { connectionOf } from '../../support/in-memory-recorder.ts';
import { realDynamodb } from '../../support/real-dynamodb.ts';

jest.setTimeout(60_000);

const SENT_AT = Date.UTC(2026, 0, 1);
const connection = connectionOf('brd_1', '1', '2');
let real: Awaited<ReturnType<typeof realDynamodb>>;
beforeAll(async () => {
  real = await realDynamodb({ messages: ['brandShard', 'messageId'], idempotency: ['id'], checkpoints: ['job'] });
});
afterAll(() => real?.stop());

const messages = () => messageStore(real.client, 'messages');

/** A message whose sender lost Meta's answer. @param isMarked whether that is written down */
async function unresolved(isMarked = true): Promise<string> {
  const messageId = newId('msg', SENT_AT);
  await messages().insert({
    ...{ messageId, brandId: 'brd_1', direction: 'outbound', type: 'text', phoneNumberId: '1', reference: 'order 7' },
    ...{ contact: '15550100100', createdAt: SENT_AT, senderId: 'somebody', senderUntil: SENT_AT + 30_000 },
    ...(isMarked ? { outcomeUnknownAt: SENT_AT + 1000 } : {}),
  });
  return messageId;
}

const statusOf = (messageId: string, status: StatusUpdate['status'], at: number): StatusUpdate => ({
  ...{ kind: 'status', phone_number_id: '1', waba_id: '2', at, wa_message_id: 'wamid.1', status },
  recipient: { phone: '15550100100', user_id: status === 'sent' ? null : 'US.1', name: null, username: null },
  ...{ participant: null, message_id: messageId, pricing: null, conversation: null, errors: [] },
});

const reconciledIn = (deliveries: readonly Delivery[]): TenantEvent[] =>
  deliveries.flatMap((one) => (one.kind === 'fresh' && one.event.type === 'message.reconciled' ? [one.event] : []));

/** One invocation of record-event. @param hasRead resolves when it may go on after it has read the messages */
function recorder(queued: Delivery[], hasRead = async () => {}, isDying = false) {
  const store = messages();
  const refuse = async (): Promise<never> => {
    throw new Error('not in this test');
  };
  return recordUpdates({
    connectionOf: async () => connection,
    connectionsOfWaba: async () => [connection],
    messages: {
      ...store,
      getMany: async (ids) => {
        const found = await store.getMany(ids);
        await hasRead();
        return found;
      },
      recordStatus: isDying ? refuse : store.recordStatus.bind(store),
    },
    templates: { find: refuse, apply: refuse },
    metaUpdates: { seen: refuse, markSeen: refuse, keep: refuse },
    touchConversation: refuse,
    noteToken: refuse,
    copyMedia: refuse,
    enqueue: async (made) => void queued.push(...made),
    now: () => SENT_AT + 90_000,
    sleep: async () => {},
  });
}

/** Lets nobody on before all are there. */
function barrier(count: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let waiting = 0;
  return () => {
    waiting += 1;
    if (waiting >= count) resolve();
    return promise;
  };
}

test('two statuses at the same moment reconcile an unknown send once, with one status', async () => {
  const messageId = await unresolved();
  const queued: Delivery[] = [];
  const together = barrier(2);
  const done = await Promise.all(
    (['sent', 'delivered'] as const).map((status, i) =>
      recorder(queued, together)([statusOf(messageId, status, SENT_AT + 5000 + i * 1000)]),
    ),
  );
  expect(done).toEqual([[true], [true]]);
  const told = reconciledIn(queued);
  // Both queued it, as each must before it writes: it is the same event to the letter, and delivered once by its id.
  expect(told).toHaveLength(2);
  expect(new Set(told.map((event) => JSON.stringify(event))).size).toBe(1);
  expect(told[0]?.data).toMatchObject({
    to: { phone: '15550100100' },
    from: { phone_number_id: '1', waba_id: '2' },
    wa_message_id: 'wamid.1',
    reference: 'order 7',
  });
});

test('one that died after it had queued the event, and another status that comes first then, tell the same', async () => {
  const messageId = await unresolved();
  const queued: Delivery[] = [];
  expect(await recorder(queued, undefined, true)([statusOf(messageId, 'sent', SENT_AT + 5000)])).toEqual([false]);
  expect(await recorder(queued)([statusOf(messageId, 'failed', SENT_AT + 6000)])).toEqual([true]);
  expect(await recorder(queued)([statusOf(messageId, 'sent', SENT_AT + 5000)])).toEqual([true]);
  const told = reconciledIn(queued);
  expect(told.map(({ data }) => data.status)).toEqual(['sent', 'sent']);
  expect(new Set(told.map((event) => JSON.stringify(event))).size).toBe(1);
});

test('a sweeper that died half-way and the next one tell the same, whatever Meta told between', async () => {
  const messageId = await unresolved(false);
  const queued: Delivery[] = [];
  await recorder([])([statusOf(messageId, 'sent', SENT_AT + 5000)]);
  const sweep = (store = messages()) =>
    sweepSends({
      brandIds: async () => ['brd_1'],
      messages: store,
      silent: silentMessageStore(real.client, 'messages'),
      idempotency: idempotencyStore(real.client, 'idempotency'),
      checkpoints: checkpointStore(real.client, 'checkpoints'),
      connectionOf: async () => connection,
      enqueue: async (made) => void queued.push(...made),
      now: () => SENT_AT + 200_000,
    })();
  const dying = async (): Promise<never> => {
    throw new Error('died');
  };
  await expect(sweep({ ...messages(), markUnknown: dying })).rejects.toThrow('died');
  await recorder([])([statusOf(messageId, 'delivered', SENT_AT + 6000)]);
  expect(await sweep()).toEqual({ swept: 1 });
  const told = reconciledIn(queued);
  expect(told.map(({ data }) => data.status)).toEqual(['sent', 'sent']);
  expect(new Set(told.map((event) => JSON.stringify(event))).size).toBe(1);
});

test('a person who has no number is told by the user id, in its own field', async () => {
  const messageId = newId('msg', SENT_AT);
  await messages().insert({ messageId, brandId: 'brd_1', direction: 'outbound', contact: 'US.13491208655302741918' });
  const queued: Delivery[] = [];
  const update = statusOf(messageId, 'sent', SENT_AT + 5000);
  await recorder(queued)([{ ...update, recipient: { phone: null, user_id: null, name: null, username: null } }]);
  const [delivery] = queued;
  expect(delivery?.kind === 'fresh' && delivery.event.data.to).toEqual({
    phone: null,
    user_id: 'US.13491208655302741918',
  });
});
