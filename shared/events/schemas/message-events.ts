import * as z from 'zod';
import { orNull } from '../../http/page.ts';
import { Person } from '../person.ts';
import { MESSAGE_CONTENT, type MessageType } from './message-content.ts';
import {
  BusinessNumber,
  EventError,
  flag,
  MessageRef,
  messageId,
  optionalText,
  optionalTime,
  PersonRef,
  Referral,
  waMessageId,
} from './parts.ts';

const ids = { wa_message_id: waMessageId, message_id: messageId };
const errors = (description: string) => z.array(EventError).meta({ description });

const written = {
  /** The message it quotes or answers. */
  reply_to: orNull(MessageRef),
  forwarded: flag('Whether it was forwarded to you.', false),
  frequently_forwarded: flag('Forwarded more than five times.', false),
  referral: orNull(Referral),
  product: orNull(
    z
      .strictObject({
        catalog_id: optionalText('The catalogue.', '194836987003835'),
        product_retailer_id: optionalText('Your id of the item.', 'sku-42'),
      })
      .meta({ id: 'EventProduct', description: 'The catalogue item the person asks about.' }),
  ),
  group_id: optionalText('The group it was written in.', null),
  errors: errors('e.g. 131052: the file could not be taken over.'),
  truncated: z
    .literal(true)
    .optional()
    .meta({ description: 'Present when long texts or lists were cut to fit an event.', example: true }),
};

/** One variant for each type, so that `content` has a shape once `type` is known. */
function variants<S extends z.core.$ZodShape>(common: S) {
  const variant = (type: MessageType) =>
    z.strictObject({
      ...common,
      type: z.literal(type).meta({ description: 'What was written.', example: type }),
      content: MESSAGE_CONTENT[type],
    });
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
  /** Whom you sent it to. */
  to: PersonRef,
  reference: optionalText('What you gave with the send.', 'signup-4711'),
  mode: z
    .literal('test')
    .optional()
    .meta({ description: 'Present when a sandbox key sent it: nobody got it.', example: 'test' }),
};

const status = {
  ...sent,
  /** Whom Meta reached; the number may differ from the one you dialled. */
  recipient: PersonRef,
  /** In a group: the one of its members this is about. */
  participant: PersonRef.optional(),
  pricing: orNull(
    z
      .strictObject({
        billable: z.boolean().nullable().meta({ description: 'Whether Meta charges for it.', example: true }),
        pricing_model: optionalText('e.g. `PMP`, per message.', 'PMP'),
        type: optionalText('e.g. `regular`, `free_customer_service`.', 'regular'),
        category: optionalText('e.g. `authentication`, `utility`, `marketing`, `service`.', 'authentication'),
      })
      .meta({
        id: 'EventPricing',
        description: "What Meta says of the message's price; on `sent` and on one of `delivered` and `read`.",
      }),
  ),
  conversation: z
    .strictObject({
      id: optionalText("Meta's id of it.", '0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e'),
      origin: optionalText('What began it.', 'referral_conversion'),
      expires_at: optionalTime('When it ends.', '2026-11-25T10:30:00.000Z'),
    })
    .meta({
      id: 'EventConversation',
      description: "Meta's conversation: only for free entry points, and from older versions.",
    })
    .optional(),
};

export const MessageSent = z.strictObject(status).describe("The message left Meta's servers.");
export const MessageDelivered = z.strictObject(status).describe("The message reached the person's phone.");
export const MessageRead = z
  .strictObject(status)
  .describe('The person saw the message. It was delivered then, even if no `message.delivered` comes.');
export const MessagePlayed = z.strictObject(status).describe('The person played the voice message.');
export const MessageFailed = z
  .strictObject({ ...status, errors: errors('Why Meta gave it up.') })
  .describe('Meta gave the message up; `errors` says why.');

export const MessageReconciled = z
  .strictObject({
    ...sent,
    status: z
      .enum(['sent', 'delivered', 'read', 'played', 'failed'])
      .meta({ description: 'What became of it.', example: 'delivered' }),
    errors: errors('Why Meta gave it up.').optional(),
  })
  .describe('A send that was answered `outcome_unknown` got its outcome.');

export const OtpNotRequested = z
  .strictObject({
    ...ids,
    from: Person,
    to: BusinessNumber,
    /** The one-time password the person did not ask for. */
    otp: orNull(MessageRef),
  })
  .describe('The person tapped "I didn\'t request a code" under a one-time password.');
