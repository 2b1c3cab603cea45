import fc from 'fast-check';
import type { parseEvent } from '../../../shared/events/schemas/event-schemas.ts';
import { deterministicId } from '../../../shared/ids.ts';
import { CONNECTIONS, FACTS_TAKE_SECONDS, type Fact, type Sent, START } from './fact.ts';

const SENT_PER_BRAND = 3;
const outbound = CONNECTIONS.flatMap((connection) =>
  Array.from({ length: SENT_PER_BRAND }, (_, index) => {
    const wamid = `wamid.OUT-${connection.brandId}-${index}`;
    const messageId = deterministicId('msg', START * 1000, [wamid]);
    // The answer to the first was lost: whichever status comes first reconciles it.
    const sent: Sent = { brandId: connection.brandId, wamid, messageId, isUnresolved: index === 0 };
    return { connection, sent };
  }),
);

const connection = fc.constantFrom(...CONNECTIONS);
const second = fc.integer({ min: START, max: START + FACTS_TAKE_SECONDS });
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
    sent: [],
    told: [`${brandId} message.received ${id}`],
  }));

const status: fc.Arbitrary<Fact> = fc
  .record({
    message: fc.constantFrom(...outbound),
    status: fc.constantFrom('sent', 'delivered', 'read', 'played', 'failed'),
    isEchoed: fc.boolean(),
  })
  .map(({ message: { connection, sent }, status, isEchoed }) => {
    const { brandId, phoneNumberId, wabaId } = connection;
    return {
      wabaId,
      field: 'messages',
      value: {
        metadata: { phone_number_id: phoneNumberId },
        statuses: [
          {
            id: sent.wamid,
            status,
            timestamp: String(START + status.length),
            recipient_id: '15550101234',
            ...(isEchoed ? { biz_opaque_callback_data: sent.messageId } : {}),
          },
        ],
      },
      sent: [sent],
      told: [
        `${brandId} message.${status} ${sent.wamid}`,
        ...(sent.isUnresolved ? [`${brandId} message.reconciled ${sent.wamid}`] : []),
      ],
    };
  });

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
    sent: [],
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
    sent: [],
    told: [`${brandId} contact.preference_changed ${value} ${second}`],
  }));

/** The kinds whose events are known without asking the code under test. */
export const modelledFact: fc.Arbitrary<Fact> = fc.oneof(
  { weight: 3, arbitrary: text },
  { weight: 3, arbitrary: status },
  template,
  preference,
);

/** What an event says it is, in the words of the model. */
export function told({ type, brand_id, occurred_at, data }: ReturnType<typeof parseEvent>): string {
  const seconds = Date.parse(occurred_at) / 1000;
  if (type === 'template.status_changed') return `${brand_id} ${type} ${data.template_id} ${data.status} ${seconds}`;
  if (type === 'contact.preference_changed') return `${brand_id} ${type} ${data.value} ${seconds}`;
  return `${brand_id} ${type} ${data.wa_message_id}`;
}
