import * as z from 'zod';
import { MessageError, WEBHOOK_STATUSES } from '../store/message-store.ts';

/** A person, one of phone and user id always present: contract §6. */
export const Person = z.strictObject({
  phone: z.string().nullable(),
  user_id: z.string().nullable(),
  name: z.string().nullable(),
  username: z.string().nullable(),
});
export type Person = z.output<typeof Person>;

const common = {
  phone_number_id: z.string(),
  waba_id: z.string(),
  wa_message_id: z.string(),
  /** Meta's time, epoch milliseconds. */
  at: z.number(),
};

/** What travels from the webhook to `record-event`: one fact of Meta's, normalized. */
export const InboundUpdate = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('message'),
    ...common,
    from: Person,
    type: z.string(),
    content: z.record(z.string(), z.unknown()),
    reply_to: z.string().nullable(),
  }),
  z.strictObject({
    kind: z.literal('status'),
    ...common,
    status: z.enum(WEBHOOK_STATUSES),
    recipient: Person,
    /** Our message id, where Meta echoed it. */
    message_id: z.string().nullable(),
    pricing: z.record(z.string(), z.unknown()).nullable(),
    conversation: z.record(z.string(), z.unknown()).nullable(),
    errors: z.array(MessageError),
  }),
]);
export type InboundUpdate = z.output<typeof InboundUpdate>;
