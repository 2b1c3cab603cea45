import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseEvent } from '../../../shared/events/schemas/event-schemas.ts';
import { deterministicId } from '../../../shared/ids.ts';
import { logger } from '../../../shared/logger.ts';
import { messageStatus } from '../../../shared/store/message-store.ts';
import { APP_SECRET, connectionOf, inMemoryRecorder } from '../../support/in-memory-recorder.ts';

// It would tell of every crash we make.
logger.setLogLevel('SILENT');

const WEEK_MS = 7 * 24 * 3600 * 1000;
const START = 1_760_000_000;
const CONNECTIONS = [
  connectionOf('brd_a', '300000000000001', '200000000000001'),
  connectionOf('brd_b', '300000000000002', '200000000000002'),
  // Shares its WABA with the one before: what is of the WABA is told to both.
  connectionOf('brd_c', '300000000000003', '200000000000002'),
];
const SENT_PER_BRAND = 3;
const outbound = CONNECTIONS.flatMap(({ brandId, phoneNumberId }) =>
  Array.from({ length: SENT_PER_BRAND }, (_, index) => {
    const wamid = `wamid.OUT-${brandId}-${index}`;
    return { brandId, phoneNumberId, wamid, messageId: deterministicId('msg', START * 1000, [wamid]) };
  }),
);

/** One fact of Meta's, and what the brands are to hear of it: worked out here, without the code under test. */
type Fact = { wabaId: string; time?: number; field: string; value: object; told: string[] };

const connection = fc.constantFrom(...CONNECTIONS);
const second = fc.integer({ min: START, max: START + 100_000 });
const name = fc.string({ unit: 'grapheme', maxLength: 12 });

const text: fc.Arbitrary<Fact> = fc
  .record({ connection, second, id: fc.uuid(), body: fc.string({ unit: 'binary', maxLength: 40 }), name })
  .map(({ connection: { brandId, phoneNumberId, wabaId }, second, id, body, name }) => ({
    wabaId,
    field: 'messages',
    value: {
      metadata: { phone_number_id: phoneNumberId },
      contacts: [{ profile: { name }, wa_id: '15550101234' }],
      messages: [{ from: '15550101234', id, timestamp: String(second), type: 'text', text: { body } }],
    },
    told: [`${brandId} message.received ${id}`],
  }));

const status: fc.Arbitrary<Fact> = fc
  .record({
    message: fc.constantFrom(...outbound),
    status: fc.constantFrom('sent', 'delivered', 'read', 'played', 'failed'),
    isEchoed: fc.boolean(),
  })
  .map(({ message: { brandId, phoneNumberId, wamid, messageId }, status, isEchoed }) => ({
    wabaId: CONNECTIONS.find((one) => one.brandId === brandId)?.wabaId ?? '',
    field: 'messages',
    value: {
      metadata: { phone_number_id: phoneNumberId },
      statuses: [
        {
          id: wamid,
          status,
          timestamp: String(START + status.length),
          recipient_id: '15550101234',
          ...(isEchoed ? { biz_opaque_callback_data: messageId } : {}),
        },
      ],
    },
    told: [`${brandId} message.${status} ${wamid}`],
  }));

const brandsOf = (wabaId: string) => CONNECTIONS.filter((one) => one.wabaId === wabaId).map(({ brandId }) => brandId);

const template: fc.Arbitrary<Fact> = fc
  .record({
    connection,
    second,
    event: fc.constantFrom('APPROVED', 'PAUSED', 'REJECTED'),
    id: fc.bigInt(1n, 2n ** 60n),
  })
  .map(({ connection: { wabaId }, second: time, event, id }) => ({
    ...{ wabaId, time, field: 'message_template_status_update' },
    value: {
      event,
      message_template_id: String(id),
      message_template_name: 'order',
      message_template_language: 'en-US',
      reason: null,
    },
    told: brandsOf(wabaId).map((brandId) => `${brandId} template.status_changed ${id} ${event} ${time}`),
  }));

const preference: fc.Arbitrary<Fact> = fc
  .record({ connection, second, value: fc.constantFrom('stop', 'resume') })
  .map(({ connection: { brandId, phoneNumberId, wabaId }, second, value }) => ({
    ...{ wabaId, field: 'user_preferences' },
    value: {
      metadata: { phone_number_id: phoneNumberId },
      user_preferences: [{ wa_id: '15550101234', category: 'marketing_messages', value, timestamp: second }],
    },
    told: [`${brandId} contact.preference_changed ${value} ${second}`],
  }));

const facts = fc.array(
  fc.oneof({ weight: 3, arbitrary: text }, { weight: 3, arbitrary: status }, template, preference),
  {
    minLength: 1,
    maxLength: 40,
  },
);

/** What an event says it is, in the words of the model. */
function told({ type, brand_id, occurred_at, data }: ReturnType<typeof parseEvent>): string {
  const seconds = Date.parse(occurred_at) / 1000;
  if (type === 'template.status_changed') return `${brand_id} ${type} ${data.template_id} ${data.status} ${seconds}`;
  if (type === 'contact.preference_changed') return `${brand_id} ${type} ${data.value} ${seconds}`;
  return `${brand_id} ${type} ${data.wa_message_id}`;
}

const RANK = ['accepted', 'failed', 'sent', 'delivered', 'read', 'played'];
/** `failed` comes after sent and gives way to delivered, so the two change places. */
const rankOf = (state: string): number => (state === 'failed' ? 2.5 : RANK.indexOf(state));

/** Small, seeded, good enough to shuffle with: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A week in which Meta sends the facts in any order, several times, in any batches, some of them cut off on the way. */
async function week(all: readonly Fact[], seed: number) {
  const next = random(seed);
  const upTo = (count: number) => Math.floor(next() * count);
  const shuffled = <T>(list: readonly T[]) =>
    list
      .map((item) => [next(), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);
  const recorder = inMemoryRecorder(CONNECTIONS, { record: () => next() < 0.05 });
  for (const { brandId, wamid: waMessageId, messageId } of outbound) {
    recorder.messages.set(messageId, {
      brandShard: '',
      brandId,
      messageId,
      direction: 'outbound',
      waMessageId,
      acceptedAt: 1,
    });
  }
  const states = new Map<string, number>();
  const work = async (atLeast: number) => {
    while (recorder.queue.length > atLeast) {
      const batch = recorder.queue.splice(upTo(recorder.queue.length), 1 + upTo(10));
      recorder.queue.push(...(await recorder.work(batch)));
      for (const message of recorder.messages.values()) {
        const rank = rankOf(messageStatus(message));
        expect(rank).toBeGreaterThanOrEqual(states.get(message.messageId) ?? -1);
        states.set(message.messageId, rank);
      }
    }
  };

  const sent = shuffled(all.flatMap((fact) => Array.from({ length: 1 + upTo(3) }, () => fact)));
  for (let now = START * 1000 + 200_000_000; sent.length > 0; now += Math.floor((next() * WEEK_MS) / all.length)) {
    recorder.setNow(now);
    const batch = sent.splice(0, 1 + upTo(8));
    const body = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry: entriesOf(batch) }));
    const signature = `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`;
    if (next() < 0.2) {
      // What was cut is not what was signed: refused, and Meta sends it again.
      await expect(recorder.receive(body.subarray(0, upTo(body.length)), signature)).rejects.toThrow('does not match');
      sent.splice(upTo(sent.length), 0, ...batch);
      continue;
    }
    await recorder.receive(body, signature);
    await work(upTo(20));
  }
  await work(0);
  return recorder.deliveries.map(({ event }) => parseEvent(event));
}

/** Some changes share an entry, some have their own. */
const entriesOf = (batch: readonly Fact[]) =>
  batch.map(({ wabaId, time, field, value }) => ({
    id: wabaId,
    ...(time ? { time } : {}),
    changes: [{ field, value }],
  }));

test('in every order the same events, each fact once for each of its brands', async () => {
  await fc.assert(
    fc.asyncProperty(facts, fc.integer(), fc.integer(), async (all, one, other) => {
      const model = [...new Set(all.flatMap((fact) => fact.told))].sort();
      const [first, second] = [await week(all, one), await week(all, other)];
      const ids = (events: typeof first) => [...new Set(events.map(({ id }) => id))].sort();
      expect(ids(first)).toEqual(ids(second));
      // A crash between queueing and writing queues an event again, under its id.
      const distinct = [...new Map(first.map((event) => [event.id, event])).values()];
      expect(distinct.map(told).sort()).toEqual(model);
    }),
    { numRuns: 150 },
  );
}, 60_000);
