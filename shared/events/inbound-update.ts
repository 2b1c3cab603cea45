import * as z from 'zod';
import { MessageError, WEBHOOK_STATUSES } from '../store/message.ts';
import { ACCOUNT_CHANGES } from './account-changes.ts';
import { Person } from './person.ts';

/** Meta's time, epoch milliseconds. */
const at = z.number().int();
const text = z.string().nullable();
/** What a tenant is shown as it is: the schemas of the events (schemas/) say what is in it. */
const shown = z.record(z.string(), z.unknown());

/** Of one number of ours. */
const ofNumber = { phone_number_id: z.string(), waba_id: text };
/** Of a WABA, and of one number of it where that is known. One of the two is there. */
const ofAccount = { phone_number_id: text, waba_id: text };

const message = {
  ...ofNumber,
  at,
  wa_message_id: z.string(),
  type: z.string(),
  content: shown,
  reply_to: text,
  /** The message it is about, whose id of ours the event names: the quoted one, or the target of a reaction, edit or revocation. */
  refers_to: text,
  forwarded: z.boolean(),
  frequently_forwarded: z.boolean(),
  referral: shown.nullable(),
  product: shown.nullable(),
  group_id: text,
  errors: z.array(MessageError),
  /** Long texts and lists were cut. */
  truncated: z.literal(true).optional(),
};

export const MessageUpdate = z.strictObject({ kind: z.literal('message'), ...message, from: Person });
export type MessageUpdate = z.output<typeof MessageUpdate>;

/** What somebody at the business wrote with the WhatsApp Business app on the same number. */
export const EchoUpdate = z.strictObject({ kind: z.literal('echo'), ...message, to: Person });
export type EchoUpdate = z.output<typeof EchoUpdate>;

export const StatusUpdate = z.strictObject({
  kind: z.literal('status'),
  ...ofNumber,
  at,
  wa_message_id: z.string(),
  status: z.enum(WEBHOOK_STATUSES),
  recipient: Person,
  /** The member of a group, of whom each has statuses of their own. */
  participant: Person.nullable(),
  /** Our message id, where Meta echoed it. */
  message_id: text,
  pricing: shown.nullable(),
  conversation: shown.nullable(),
  errors: z.array(MessageError),
});
export type StatusUpdate = z.output<typeof StatusUpdate>;

export const TemplateUpdate = z.strictObject({
  kind: z.literal('template'),
  waba_id: z.string(),
  at,
  /** Whether Meta told when; if not, `at` is when we heard of it. */
  is_time_known: z.boolean(),
  change: z.enum(['status', 'category', 'quality', 'components']),
  template_id: text,
  name: z.string(),
  language: z.string(),
  /** What it is now: the status, the category, the quality. */
  value: text,
  /** The rest of the event's data. */
  details: shown,
});
export type TemplateUpdate = z.output<typeof TemplateUpdate>;

export const CallUpdate = z.strictObject({
  kind: z.literal('call'),
  ...ofNumber,
  at,
  call_id: z.string(),
  event: z.enum(['received', 'status_changed', 'ended']),
  /** Tells two changes of one call apart. */
  status: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  person: Person,
  details: shown,
});
export type CallUpdate = z.output<typeof CallUpdate>;

export const PreferenceUpdate = z.strictObject({
  kind: z.literal('preference'),
  ...ofAccount,
  at,
  contact: Person,
  category: z.string(),
  value: z.string(),
  detail: text,
});
export type PreferenceUpdate = z.output<typeof PreferenceUpdate>;

export const IdChangeUpdate = z.strictObject({
  kind: z.literal('id_change'),
  ...ofAccount,
  at,
  contact: Person,
  change: z.enum(['number_changed', 'user_id_changed']),
  previous: shown,
  current: shown,
  /** What makes it one fact: the wamid of the system message, or the new id. */
  natural_key: z.string(),
  detail: text,
});
export type IdChangeUpdate = z.output<typeof IdChangeUpdate>;

export const AccountUpdate = z.strictObject({
  kind: z.literal('account'),
  ...ofAccount,
  at,
  is_time_known: z.boolean(),
  change: z.enum(ACCOUNT_CHANGES),
  event: z.string(),
  details: shown,
});
export type AccountUpdate = z.output<typeof AccountUpdate>;

/** Something that is in no event as Meta sent it, kept as its text for whoever looks into it. */
export const KeptUpdate = z.strictObject({
  kind: z.literal('kept'),
  ...ofAccount,
  /** When we got it. */
  at,
  field: z.string(),
  reason: z.enum(['unknown_field', 'unknown_type', 'unreadable', 'too_large']),
  /** A hash of the whole text: the same thing sent again is kept once. */
  text_id: z.string(),
  /** Counted from 1: a long text travels in pieces, each below the limits of SQS and DynamoDB. */
  part: z.number().int(),
  parts: z.number().int(),
  text: z.string(),
});
export type KeptUpdate = z.output<typeof KeptUpdate>;

/** What travels from the webhook to `record-event`: one fact of Meta's, normalized. */
export const InboundUpdate = z.discriminatedUnion('kind', [
  MessageUpdate,
  EchoUpdate,
  StatusUpdate,
  TemplateUpdate,
  CallUpdate,
  PreferenceUpdate,
  IdChangeUpdate,
  AccountUpdate,
  KeptUpdate,
]);
export type InboundUpdate = z.output<typeof InboundUpdate>;

/** One message of the queue: updates of one number or WABA together. Each is parsed on its own. */
export const InboundBatch = z.strictObject({ updates: z.array(z.unknown()).min(1) });
export type InboundBatch = z.output<typeof InboundBatch>;

/** Whose it is: the queue's message group, and the owner of what is kept. */
export const ownerOf = ({ phone_number_id, waba_id }: { phone_number_id?: string | null; waba_id: string | null }) =>
  phone_number_id ? `number-${phone_number_id}` : `waba-${waba_id ?? 'unknown'}`;
