import { receiveMetaWebhook } from '../../functions/receive-meta-webhook/receive-meta-webhook.ts';
import { recordUpdates } from '../../functions/record-event/record-updates.ts';
import { EVENT_TYPES } from '../../shared/events/event-types.ts';
import { InboundBatch, InboundUpdate } from '../../shared/events/inbound-update.ts';
import type { QueueText } from '../../shared/queue.ts';
import type { Connection } from '../../shared/store/connection-store.ts';
import { isUnresolved, type Message } from '../../shared/store/message.ts';
import type { Delivery } from '../../shared/webhooks/delivery.ts';

export const APP_SECRET = 'app-secret';

export const connectionOf = (brandId: string, phoneNumberId: string, wabaId: string): Connection => ({
  connectionId: `con_${brandId}`,
  brandId,
  organisationId: 'org',
  status: 'active',
  phoneNumberId,
  wabaId,
  secretArn: 'arn:secret',
  webhookUrl: 'https://example.com',
  eventFilter: [...EVENT_TYPES],
  defaultOtpTemplate: null,
  createdAt: 0,
});

/** From Meta's POST to the queue of deliveries, with the real code and stores that are maps. */
export function inMemoryRecorder(
  connections: readonly Connection[],
  faults: { record: () => boolean } = { record: () => false },
) {
  const messages = new Map<string, Message>();
  const seen = new Set<string>();
  const kept = new Map<string, string>();
  const deliveries: Extract<Delivery, { kind: 'fresh' }>[] = [];
  const queue: QueueText[] = [];
  let now = 0;

  const crash = () => {
    if (faults.record()) throw new Error('crashed before writing');
  };
  const receive = receiveMetaWebhook({
    secret: async () => ({ app_secret: APP_SECRET, verify_token: '' }),
    enqueue: async (packed) => void queue.push(...packed),
    now: () => now,
  });
  const record = recordUpdates({
    connectionOf: async (id) => connections.find(({ phoneNumberId }) => phoneNumberId === id) ?? null,
    connectionsOfWaba: async (id) => connections.filter(({ wabaId }) => wabaId === id),
    messages: {
      insert: async (message) => {
        crash();
        if (messages.has(message.messageId)) return false;
        messages.set(message.messageId, { ...message, brandShard: '' });
        return true;
      },
      // As the store does: what its writer could not write any more is begun by its first status.
      recordStatus: async (id, status, at, attributes, seen) => {
        crash();
        const message = messages.get(id.messageId);
        const attribute = `${status}At` as const;
        if (message?.[attribute] !== undefined) return false;
        if (message && isUnresolved(message) && !seen.isUnresolved) throw new Error('lost its outcome');
        const { messageId, brandId } = id;
        messages.set(messageId, { brandShard: '', messageId, brandId, ...message, ...attributes, [attribute]: at });
        return true;
      },
      reconcile: async ({ messageId }, outcome) => {
        const message = messages.get(messageId);
        if (!message) throw new Error('there is no such message');
        messages.set(messageId, { reconciliation: outcome, ...message });
        return message.reconciliation ?? outcome;
      },
      getMany: async (ids) => ids.flatMap(({ messageId }) => messages.get(messageId) ?? []),
      idOfWaMessage: async (_brandId, waMessageId) =>
        [...messages.values()].find((message) => message.waMessageId === waMessageId)?.messageId ?? null,
    },
    touchConversation: async () => {},
    copyMedia: async () => {},
    templates: { find: async () => null, apply: async () => true },
    noteToken: async () => {
      throw new Error('no token in this test');
    },
    metaUpdates: {
      seen: async (facts) => new Set(facts.map(({ id }) => id).filter((id) => seen.has(id))),
      markSeen: async ({ id }) => {
        crash();
        seen.add(id);
      },
      keep: async ({ owner, id }, { kind, text }) => {
        crash();
        kept.set(`${owner} ${kind} ${id}`, text);
      },
    },
    enqueue: async (made) => {
      for (const delivery of made) if (delivery.kind === 'fresh') deliveries.push(delivery);
    },
    now: () => now,
    sleep: async () => {},
  });

  return {
    messages,
    kept,
    deliveries,
    queue,
    receive,
    setNow: (at: number) => {
      now = at;
    },
    /** Works on messages of the queue together, as one invocation. @returns those that have to come again */
    async work(batch: readonly QueueText[]): Promise<QueueText[]> {
      const parsed = batch.map((message) => ({
        message,
        updates: InboundBatch.parse(JSON.parse(message.text)).updates.map((raw) => InboundUpdate.parse(raw)),
      }));
      const isDone = await record(parsed.flatMap(({ updates }) => updates));
      return parsed
        .filter(({ updates }) => isDone.splice(0, updates.length).includes(false))
        .map(({ message }) => message);
    },
  };
}
