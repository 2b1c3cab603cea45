import { createHmac } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { receiveMetaWebhook } from '../../../functions/receive-meta-webhook/receive-meta-webhook.ts';
import { InboundBatch, InboundUpdate } from '../../../shared/events/inbound-update.ts';
import { packUpdates } from '../../../shared/events/pack-updates.ts';
import { parseEvent } from '../../../shared/events/schemas/event-schemas.ts';
import { type QueueText, queueText } from '../../../shared/queue.ts';
import { eventsOf } from '../../support/events-of.ts';
import { BROKEN_EXAMPLES, META_EXAMPLES, metaExample, metaExampleBytes } from '../../support/meta-examples.ts';

const APP_SECRET = 'app-secret';
const RECEIVED_AT = 1_760_000_100_000;
const SQS_BATCH_BYTES = 1024 * 1024;
const ITEM_BYTES = 400 * 1024;

async function receive(body: Buffer | string, fault?: Error): Promise<QueueText[]> {
  const queued: QueueText[] = [];
  const bytes = Buffer.from(body);
  await receiveMetaWebhook({
    secret: async () => ({ app_secret: APP_SECRET, verify_token: '' }),
    enqueue: async (messages) => {
      if (fault) throw fault;
      queued.push(...messages);
    },
    now: () => RECEIVED_AT,
  })(bytes, `sha256=${createHmac('sha256', APP_SECRET).update(bytes).digest('hex')}`);
  return queued;
}

const updatesIn = (queued: readonly QueueText[]): InboundUpdate[] =>
  queued.flatMap(({ text }) => InboundBatch.parse(JSON.parse(text)).updates.map((raw) => InboundUpdate.parse(raw)));

/** Whether SQS takes the messages, DynamoDB the items, and tenants the events that come of them. */
function expectHarmless(queued: readonly QueueText[]): void {
  for (const { text, group } of queued) {
    expect(group).toMatch(/^[\w.-]{1,128}$/);
    expect(Buffer.byteLength(text)).toBeLessThan(SQS_BATCH_BYTES);
    // SQS's own list of what a message may hold.
    expect(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)).toBe(false);
  }
  for (const update of updatesIn(queued)) {
    expect(JSON.stringify(update).isWellFormed()).toBe(true);
    for (const item of [update, ...eventsOf(update).map(parseEvent)]) {
      expect(Buffer.byteLength(JSON.stringify(marshall(item, { removeUndefinedValues: true })))).toBeLessThan(
        2 * ITEM_BYTES,
      );
      expect(depthOf(item)).toBeLessThan(24);
    }
  }
}

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

const sound = {
  id: '200000000000001',
  changes: [
    {
      field: 'messages',
      value: {
        metadata: { phone_number_id: '300000000000001' },
        messages: [
          { from: '15550101234', id: 'wamid.SOUND', timestamp: '1760000001', type: 'text', text: { body: 'Hi' } },
        ],
      },
    },
  ],
};
const isSoundOne = (update: InboundUpdate): boolean =>
  update.kind === 'message' && update.wa_message_id === 'wamid.SOUND';

/** Deeper than any shape of Meta's. */
const MAX_PATH = 16;

/** Every place in a JSON value, by its path. */
function placesIn(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null || path.length > MAX_PATH) return [path];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [path, ...entries.flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
}

/** The value with what `change` makes of one place in it; undefined removes the place. */
function changed(
  value: unknown,
  [key, ...rest]: readonly (string | number)[],
  change: (old: unknown) => unknown,
): unknown {
  if (key === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.flatMap((inner, index) => {
      const result = index === key ? changed(inner, rest, change) : inner;
      return result === undefined ? [] : [result];
    });
  }
  return Object.fromEntries(
    Object.entries(Object(value)).map(([name, inner]) => [name, name === key ? changed(inner, rest, change) : inner]),
  );
}

const nested = (depth: number): unknown => JSON.parse(`${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`);
const mutation = fc.oneof(
  fc.constant({ name: 'removed', change: () => undefined }),
  fc.constant({
    name: 'emptied',
    change: (old: unknown) => (Array.isArray(old) ? [] : typeof old === 'object' ? {} : ''),
  }),
  fc.jsonValue().map((value) => ({ name: 'replaced', change: () => value })),
  fc.constantFrom(null, true, -1, 1e300, 5e-324, '', '\u0000', '\ud800', 'x'.repeat(70_000)).map((value) => ({
    name: 'odd',
    change: () => value,
  })),
  fc.integer({ min: 1, max: 500 }).map((depth) => ({ name: 'nested', change: () => nested(depth) })),
  fc.string().map((key) => ({
    name: 'unknown key',
    change: (old: unknown) => (typeof old === 'object' ? { ...old, [key]: { a: [1] } } : old),
  })),
);

test('bodies changed anywhere: no failure, no poisoned message, and what is sound goes on', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...META_EXAMPLES),
      fc.array(fc.tuple(fc.nat(), mutation), { minLength: 1, maxLength: 4 }),
      async (name, mutations) => {
        let entries: unknown = Object(metaExample(name)).entry;
        for (const [place, { change }] of mutations) {
          const places = placesIn(entries).filter((path) => path.length > 0);
          entries = changed(entries, places[place % Math.max(1, places.length)] ?? [], (old) => change(old));
        }
        const entry = [...(Array.isArray(entries) ? entries : []), sound];
        const queued = await receive(JSON.stringify({ object: 'whatsapp_business_account', entry }));
        expectHarmless(queued);
        expect(updatesIn(queued).filter(isSoundOne)).toHaveLength(1);
      },
    ),
    { numRuns: 500 },
  );
}, 60_000);

test('bytes changed, cut and added anywhere: no failure and no poisoned message', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...META_EXAMPLES),
      fc.nat(),
      fc.uint8Array({ maxLength: 8 }),
      fc.nat(8),
      async (name, at, put, cut) => {
        const bytes = metaExampleBytes(name);
        const from = at % bytes.length;
        expectHarmless(await receive(Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)])));
      },
    ),
    { numRuns: 500 },
  );
}, 60_000);

test.each(BROKEN_EXAMPLES)('%s does no harm', async (name) => {
  expectHarmless(await receive(metaExampleBytes(name, 'broken')));
});

test('what is nested without end does not spoil what stands beside it, and is kept', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const body = `{"entry":[{"id":"1","changes":[{"field":"new","value":{"a":${deep},"id":12345678901234567890}}]},${JSON.stringify(sound)}]}`;
  const queued = await receive(body);
  expectHarmless(queued);
  const updates = updatesIn(queued);
  expect(updates.filter(isSoundOne)).toHaveLength(1);
  const kept = updates.flatMap((update) => (update.kind === 'kept' ? [update.text] : []));
  expect(kept.join('')).toBe(body);
});

test('bytes that are no UTF-8 arrive as far as they are text', async () => {
  expect(updatesIn(await receive(metaExampleBytes('invalid-utf8', 'broken')))).toMatchObject([
    { kind: 'message', content: { body: 'Hi \ufffd\ufffd there' } },
  ]);
});

test('halves of surrogate pairs and characters that SQS refuses', () => {
  expect(JSON.parse(queueText('\ud83d a \\ud83d b \ud83d\ude00'))).toBe('\ufffd a \\ud83d b \ud83d\ude00');
  expect(JSON.parse(queueText({ '\udc00': 'a\ufffe\uffff\u0000b' }))).toEqual({ '\ufffd': 'a\ufffe\uffff\u0000b' });
});

test('what could not be queued is no success', async () => {
  await expect(receive(metaExampleBytes('message-text'), new Error('SQS is down'))).rejects.toThrow('SQS is down');
});

describe('packing', () => {
  const text = (index: number, body = 'Hi') =>
    InboundUpdate.parse({
      ...{ kind: 'message', phone_number_id: `30000000000000${index % 3}`, waba_id: '1', at: RECEIVED_AT },
      ...{ wa_message_id: `wamid.${index}`, from: { phone: '15550101234', user_id: null, name: null, username: null } },
      ...{
        type: 'text',
        content: { body },
        reply_to: null,
        refers_to: null,
        forwarded: false,
        frequently_forwarded: false,
      },
      ...{ referral: null, product: null, group_id: null, errors: [] },
    });

  test('a thousand updates of three numbers are some hundred messages, each of one number', () => {
    const packed = packUpdates(
      Array.from({ length: 1000 }, (_, index) => text(index)),
      RECEIVED_AT,
    );
    expect(packed.length).toBeLessThan(110);
    for (const { group, text } of packed) {
      for (const update of updatesIn([{ group, text }]))
        expect(group).toBe(`number-${'phone_number_id' in update && update.phone_number_id}`);
    }
    expect(updatesIn(packed)).toHaveLength(1000);
  });

  test('what is too long is cut, marked and kept whole in pieces', () => {
    const body = 'x"é'.repeat(500_000);
    const packed = packUpdates([text(1, body)], RECEIVED_AT);
    expectHarmless(packed);
    const [cut, ...pieces] = updatesIn(packed);
    expect(cut).toMatchObject({ kind: 'message', truncated: true, content: { body: expect.stringMatching(/…$/) } });
    const whole = pieces.map((piece) => (piece.kind === 'kept' ? piece.text : '')).join('');
    expect(InboundUpdate.parse(JSON.parse(whole))).toEqual(text(1, body));
  });
});
