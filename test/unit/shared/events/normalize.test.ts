import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InboundUpdate } from '../../../../shared/events/inbound-update.ts';
import { normalize } from '../../../../shared/events/normalize.ts';
import { EVENT_DATA, parseEvent } from '../../../../shared/events/schemas/event-schemas.ts';
import { MESSAGE_CONTENT } from '../../../../shared/events/schemas/message-content.ts';
import { parseLossless } from '../../../../shared/meta/lossless-json.ts';
import { eventsDoc } from '../../../support/events-doc.ts';
import { eventsOf } from '../../../support/events-of.ts';
import { META_EXAMPLES, metaExample } from '../../../support/meta-examples.ts';

const RECEIVED_AT = 1_760_000_100_000;
const read = (name: string) => normalize(metaExample(name), RECEIVED_AT);
const dataOf = (name: string) =>
  read(name)
    .updates.flatMap(eventsOf)
    .map(({ type, data }) => ({ type, ...data }));

/** What has no place in our events, or no more than a name. */
const KEPT = ['field-nobody-knows', 'field-not-used', 'message-interactive-empty', 'message-poll'];

describe.each(META_EXAMPLES)('%s', (name) => {
  test('is understood whole, and its events are what their types promise', () => {
    const { updates, skipped, isBodyNeeded } = read(name);
    expect({ isBodyNeeded, isKept: skipped.length > 0 }).toEqual({ isBodyNeeded: false, isKept: KEPT.includes(name) });
    expect(updates.length).toBeGreaterThan(0);
    for (const update of updates) expect(InboundUpdate.parse(JSON.parse(JSON.stringify(update)))).toEqual(update);
    for (const event of updates.flatMap(eventsOf)) expect(parseEvent(event)).toEqual(event);
  });
});

test('there is an example of every event of Meta and of every type of content', () => {
  const events = META_EXAMPLES.flatMap((name) => read(name).updates).flatMap(eventsOf);
  const ours = ['message.reconciled', 'webhook.test', 'endpoint.disabled', 'endpoint.recovered'];
  const seen = new Set<string>(events.map(({ type }) => type));
  expect(Object.keys(EVENT_DATA).filter((type) => !seen.has(type))).toEqual(ours);
  const types = new Set(events.filter(({ type }) => type === 'message.received').map(({ data }) => data.type));
  expect(Object.keys(MESSAGE_CONTENT).filter((type) => !types.has(type))).toEqual([]);
});

test('docs/events.md is made of the examples; if not: node test/support/events-doc.ts', () => {
  expect(readFileSync('docs/events.md', 'utf8')).toBe(eventsDoc());
});

test('an inbound text', () => {
  expect(read('message-text')).toMatchObject({
    skipped: [],
    updates: [
      {
        kind: 'message',
        phone_number_id: '300000000000001',
        waba_id: '200000000000001',
        wa_message_id: 'wamid.IN1',
        at: 1_760_000_001_000,
        from: { phone: '15550101234', user_id: 'US.1000', name: 'Frank', username: null },
        type: 'text',
        content: { body: 'Hi there' },
        reply_to: null,
      },
    ],
  });
});

test('a person without a phone number', () => {
  expect(read('message-text-without-phone').updates).toMatchObject([
    { from: { phone: null, user_id: 'US.1000', username: '@frank' } },
  ]);
  expect(read('message-text-bsuid-as-number').updates).toMatchObject([
    { from: { phone: null, user_id: 'US.1000', username: '@frank' } },
  ]);
});

test('the file of a message is fetched from us, by our id', () => {
  const [event] = read('message-voice').updates.flatMap(eventsOf);
  expect(event?.data).toMatchObject({ type: 'voice', content: { media: { mime_type: 'audio/ogg; codecs=opus' } } });
  expect(JSON.stringify(event)).toContain(`/api/v1/whatsapp/external/messages/${event?.data.message_id}/media`);
  expect(JSON.stringify(event)).not.toContain('lookaside');
});

describe('each as its own event', () => {
  test('somebody who asked for no code', () => {
    expect(
      read('message-button-code-not-requested')
        .updates.flatMap(eventsOf)
        .map(({ type }) => type),
    ).toEqual(['message.received', 'otp.not_requested']);
    expect(dataOf('message-button-code-not-requested')[1]).toMatchObject({ otp: { wa_message_id: 'wamid.OUT1' } });
  });

  test('an opt-out', () => {
    const [update] = read('preference-stop').updates.flatMap(eventsOf);
    expect(update).toMatchObject({
      type: 'contact.preference_changed',
      data: { contact: { phone: '15550101234' }, category: 'marketing_messages', value: 'stop' },
    });
  });

  test.each([
    ['message-system-number-changed', 'number_changed', { phone: '15550101234' }, { phone: '15550102222' }],
    ['message-system-number-changed-old', 'number_changed', { phone: '15550101234' }, { phone: '15550102222' }],
    ['message-system-user-id-changed', 'user_id_changed', { user_id: 'US.1000' }, { user_id: 'US.1001' }],
    ['user-id-changed', 'user_id_changed', { user_id: 'US.1000' }, { user_id: 'US.1001' }],
  ])('%s', (name, change, previous, current) => {
    const event = read(name)
      .updates.flatMap(eventsOf)
      .find(({ type }) => type === 'contact.id_changed');
    expect(event?.data).toMatchObject({ change, previous, current });
  });
});

describe('statuses', () => {
  test('our message id comes back, and nothing else is taken for one', () => {
    expect(read('status-delivered').updates).toMatchObject([{ message_id: 'msg_01K76N5VR0ZZZZZZZZZZZZZZZZ' }]);
    expect(read('status-of-another-app').updates).toMatchObject([{ message_id: null }]);
  });

  test('a failure says why, and whether it may pass', () => {
    expect(read('status-failed').updates).toMatchObject([
      { errors: [{ code: 131047, title: 'Re-engagement message', retryable: false }] },
    ]);
    expect(read('status-failed-old-error').updates).toMatchObject([{ errors: [{ details: 'Not on WhatsApp' }] }]);
  });
});

describe('templates', () => {
  test('ids beyond 2^53 and languages with a hyphen', () => {
    expect(read('template-status-approved').updates).toMatchObject([
      { template_id: '7000000000000000001', language: 'en_US', value: 'APPROVED', waba_id: '200000000000001' },
    ]);
  });

  test("what it is about shows in its keys, not in the field's name", () => {
    expect(dataOf('template-quality-wrong-field')).toMatchObject([
      { type: 'template.quality_changed', quality: 'RED', previous_quality: 'YELLOW' },
    ]);
  });

  test('a category to come and one that came', () => {
    expect(dataOf('template-category-impending')).toMatchObject([
      { category: 'UTILITY', upcoming_category: 'MARKETING', effective_at: '2025-10-10T12:40:00.000Z' },
    ]);
    expect(dataOf('template-category-completed')).toMatchObject([
      { category: 'MARKETING', previous_category: 'UTILITY', upcoming_category: null },
    ]);
  });
});

test('partner events are about the WABA inside, not the business portfolio around', () => {
  expect(read('account-partner-removed').updates).toMatchObject([{ waba_id: '200000000000001' }]);
});

test('several tenants in one body', () => {
  const numbers = read('batch-of-two-tenants').updates.map(
    (update) => 'phone_number_id' in update && update.phone_number_id,
  );
  expect(numbers).toEqual(['300000000000001', '300000000000001', '300000000000002', '300000000000002']);
});

describe('broken', () => {
  const broken = (name: string) => normalize(metaExample(name, 'broken'), RECEIVED_AT);

  test('what is odd spoils nothing but itself, is named and kept', () => {
    const { updates, skipped } = broken('odd-elements');
    expect(updates.filter(({ kind }) => kind !== 'kept')).toMatchObject([
      { wa_message_id: 'wamid.IN1' },
      { wa_message_id: 'wamid.OUT1' },
    ]);
    expect(skipped).toEqual([
      'messages.unreadable',
      'messages.unreadable',
      'messages.unreadable',
      'other.unknown_field',
      'change.unreadable',
      'body.unreadable',
      'body.unreadable',
    ]);
    expect(updates.filter(({ kind }) => kind === 'kept')).toHaveLength(skipped.length);
  });

  test.each([
    ['text-without-body', { type: 'unsupported', content: { type: 'text', reason: 'unreadable' } }],
    ['image-without-id', { type: 'unsupported', content: { type: 'image', reason: 'unreadable' } }],
    ['location-off-the-globe', { type: 'unsupported', content: { type: 'location', reason: 'unreadable' } }],
    ['edit-of-an-edit', { type: 'edit', content: { message: { type: 'unsupported' } } }],
    ['flow-numbers-too-large', { content: { kind: 'flow', response: null, response_json: '{"n":1e300}' } }],
  ])('%s', (name, update) => {
    expect(broken(name).updates[0]?.kind === 'kept' ? broken(name).updates[1] : broken(name).updates[0]).toMatchObject(
      update,
    );
  });

  test.each([
    'time-out-of-range',
    'nobody',
    'empty-id',
    'number-without-id',
    'number-with-odd-id',
    'template-without-event',
    'entry-is-an-object',
    'another-object',
  ])('%s is kept and makes no event', (name) => {
    const { updates } = broken(name);
    expect(updates.map(({ kind }) => kind)).toEqual(['kept']);
    expect(updates.flatMap(eventsOf)).toEqual([]);
  });

  test('empty lists are nothing', () => {
    expect(broken('empty-lists')).toEqual({ updates: [], skipped: [], isBodyNeeded: false });
  });
});

test('no body makes it throw, and what comes out is of our shape', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (junk) => {
      const bodies = [junk, { entry: junk }, { entry: [{ id: '1', changes: [{ field: 'messages', value: junk }] }] }];
      for (const body of bodies) for (const update of normalize(body, RECEIVED_AT).updates) InboundUpdate.parse(update);
    }),
  );
});

test('ids beyond 2^53 survive, where nothing else needs care too', () => {
  expect(parseLossless('{"id":12345678901234567890,"n":1.5,"small":7}')).toEqual({
    id: '12345678901234567890',
    n: 1.5,
    small: 7,
  });
  expect(parseLossless('[9007199254740993,{"a":-9007199254740993}]')).toEqual([
    '9007199254740993',
    { a: '-9007199254740993' },
  ]);
  expect(parseLossless('{"text":"a:12345678901234567890"}')).toEqual({ text: 'a:12345678901234567890' });
  const deep = `${'['.repeat(50_000)}12345678901234567890${']'.repeat(50_000)}`;
  expect(Array.isArray(parseLossless(deep))).toBe(true);
});
