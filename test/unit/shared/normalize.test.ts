import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { InboundUpdate } from '../../../shared/events/inbound-update.ts';
import { normalize } from '../../../shared/events/normalize.ts';
import { parseLossless } from '../../../shared/meta/lossless-json.ts';

const example = (name: string): unknown => parseLossless(readFileSync(`events/meta/${name}.json`, 'utf8'));

test('an inbound text', () => {
  expect(normalize(example('message-text'))).toEqual({
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
  const { updates } = normalize(example('message-text-without-phone'));
  expect(updates).toMatchObject([{ from: { phone: null, user_id: 'US.1000', username: '@frank' } }]);
});

test.each(['sent', 'delivered', 'read', 'failed'])('a status %s', (status) => {
  const { updates, skipped } = normalize(example(`status-${status}`));
  expect(skipped).toEqual([]);
  expect(updates).toMatchObject([{ kind: 'status', status, wa_message_id: 'wamid.OUT1' }]);
});

test('our message id comes back in a status, and nothing else is taken for one', () => {
  expect(normalize(example('status-delivered')).updates).toMatchObject([
    { message_id: 'msg_01K76N5VR0ZZZZZZZZZZZZZZZZ' },
  ]);
  expect(normalize(example('status-of-another-app')).updates).toMatchObject([{ message_id: null }]);
});

test('a failed status says why, and whether it may pass', () => {
  expect(normalize(example('status-failed')).updates).toMatchObject([
    { errors: [{ code: 131047, title: 'Re-engagement message', retryable: false }] },
  ]);
});

test('what is odd spoils nothing but itself, and is named', () => {
  const { updates, skipped } = normalize(example('batch-with-odd-elements'));
  expect(updates.map((update) => update.wa_message_id)).toEqual(['wamid.IN1', 'wamid.OUT1']);
  expect(skipped).toEqual(['messages.message', 'messages.status', 'messages.status', 'some_new_field']);
});

test('an unknown kind of message is kept as unsupported', () => {
  expect(normalize(example('message-poll')).updates).toMatchObject([
    { type: 'unsupported', content: { type: 'poll' } },
  ]);
});

test('no body makes it throw, and what comes out is of our shape', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (junk) => {
      const bodies = [junk, { entry: junk }, { entry: [{ id: '1', changes: [{ field: 'messages', value: junk }] }] }];
      for (const body of bodies) for (const update of normalize(body).updates) InboundUpdate.parse(update);
    }),
  );
});

test('ids beyond 2^53 survive', () => {
  expect(parseLossless('{"id":12345678901234567890,"n":1.5,"small":7}')).toEqual({
    id: '12345678901234567890',
    n: 1.5,
    small: 7,
  });
});
