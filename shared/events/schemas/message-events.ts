import * as z from 'zod';
import { Person } from '../person.ts';
import { MESSAGE_CONTENT, type MessageType } from './message-content.ts';
import {
  BusinessNumber,
  EventError,
  MessageRef,
  messageId,
  optionalText,
  PersonRef,
  Referral,
  waMessageId,
} from './parts.ts';

const ids = { wa_message_id: waMessageId, message_id: messageId };

const written = {
  reply_to: MessageRef.nullable().describe('The message it quotes or answers.'),
  forwarded: z.boolean(),
  frequently_forwarded: z.boolean().describe('Forwarded more than five times.'),
  referral: Referral.nullable(),
  product: z
    .strictObject({ catalog_id: z.string().nullable(), product_retailer_id: z.string().nullable() })
    .nullable()
    .describe('The catalogue item the person asks about.'),
  group_id: z.string().nullable(),
  errors: z.array(EventError).describe('e.g. 131052: the file could not be taken over.'),
  truncated: z.literal(true).optional().describe('Present when long texts or lists were cut to fit an event.'),
};

/** One variant for each type, so that `content` has a shape once `type` is known. */
function variants<S extends z.core.$ZodShape>(common: S) {
  const variant = (type: MessageType) =>
    z.strictObject({ ...common, type: z.literal(type), content: MESSAGE_CONTENT[type] });
  const [first, ...rest] = (Object.keys(MESSAGE_CONTENT) as MessageType[]).map(variant);
  if (!first) throw new Error('There are no types of messages');
  return z.discriminatedUnion('type', [first, ...rest]);
}

export const MessageReceived = variants({ ...ids, from: Person, to: BusinessNumber, ...written }).describe(
  'A person wrote to your number.',
);

export const MessageEchoed = variants({ ...ids, from: BusinessNumber, to: Person, ...written }).describe(
  'Somebody at your business wrote with the WhatsApp Business app on the same number.',
);

const sent = {
  ...ids,
  from: BusinessNumber,
  to: PersonRef.describe('Whom you sent it to.'),
  reference: optionalText('What you gave with the send.'),
};

const status = {
  ...sent,
  recipient: PersonRef.describe('Whom Meta reached; the number may differ from the one you dialled.'),
  participant: PersonRef.optional().describe('In a group: the one of its members this is about.'),
  pricing: z
    .strictObject({
      billable: z.boolean().nullable(),
      pricing_model: optionalText('e.g. `PMP`, per message.'),
      type: optionalText('e.g. `regular`, `free_customer_service`.'),
      category: optionalText('e.g. `authentication`, `utility`, `marketing`, `service`.'),
    })
    .nullable()
    .describe("What Meta says of the message's price; on `sent` and on one of `delivered` and `read`."),
  conversation: z
    .strictObject({
      id: z.string().nullable(),
      origin: z.string().nullable(),
      expires_at: z.iso.datetime().nullable(),
    })
    .optional()
    .describe("Meta's conversation: only for free entry points, and from older versions."),
};

export const MessageSent = z.strictObject(status).describe("The message left Meta's servers.");
export const MessageDelivered = z.strictObject(status).describe("The message reached the person's phone.");
export const MessageRead = z
  .strictObject(status)
  .describe('The person saw the message. It was delivered then, even if no `message.delivered` comes.');
export const MessagePlayed = z.strictObject(status).describe('The person played the voice message.');
export const MessageFailed = z
  .strictObject({ ...status, errors: z.array(EventError) })
  .describe('Meta gave the message up; `errors` says why.');

export const MessageReconciled = z
  .strictObject({
    ...sent,
    status: z.enum(['sent', 'delivered', 'read', 'played', 'failed']),
    errors: z.array(EventError).optional(),
  })
  .describe('A send that was answered `outcome_unknown` got its outcome.');

export const OtpNotRequested = z
  .strictObject({
    ...ids,
    from: Person,
    to: BusinessNumber,
    otp: MessageRef.nullable().describe('The one-time password the person did not ask for.'),
  })
  .describe('The person tapped "I didn\'t request a code" under a one-time password.');
