import * as z from 'zod';

/** Meta's statuses of an outbound message that come by webhook: meta-cloud-api §5.4. */
export const WEBHOOK_STATUSES = ['sent', 'delivered', 'read', 'played', 'failed'] as const;
export type WebhookStatus = (typeof WEBHOOK_STATUSES)[number];

export const MessageError = z.object({
  code: z.number(),
  title: z.string().nullable(),
  message: z.string().nullable(),
  details: z.string().nullable(),
  retryable: z.boolean(),
});
export type MessageError = z.output<typeof MessageError>;

/** What became of the file of an inbound message; absent while it is on its way. */
export const MediaState = z.object({
  state: z.enum(['stored', 'refused']),
  mimeType: z.string().nullable(),
  size: z.number().nullable(),
  /** Why it is not ours: Meta's code, or a limit of ours. */
  reason: z.string().nullable(),
  at: z.number(),
  /** Of a stored one: until then it is kept. */
  until: z.number().optional(),
});
export type MediaState = z.output<typeof MediaState>;

/** How a send whose answer was lost is told of: by the first that comes to tell it, and the same by all others. */
export const Reconciliation = z.object({
  status: z.enum(WEBHOOK_STATUSES),
  at: z.number(),
  waMessageId: z.string(),
  /** Of the person, where Meta names it beside the number. */
  userId: z.string().nullable(),
  errors: z.array(MessageError).optional(),
});
export type Reconciliation = z.output<typeof Reconciliation>;

/**
 * One message, in or out. Its state is not stored: it follows from the times below (`messageStatus`), each of which is
 * written once. So writers need not know of each other, may come in any order, and no state ever goes back.
 */
export const Message = z.object({
  brandShard: z.string(),
  messageId: z.string(),
  brandId: z.string(),
  direction: z.enum(['inbound', 'outbound']),
  type: z.string().optional(),
  /** Digits of a phone number, or a business-scoped user id. */
  contact: z.string().optional(),
  contactName: z.string().nullable().optional(),
  contactUsername: z.string().nullable().optional(),
  /** Beside a phone number in `contact`. */
  contactUserId: z.string().nullable().optional(),
  conversationId: z.string().optional(),
  phoneNumberId: z.string().optional(),
  waMessageId: z.string().optional(),
  template: z.object({ name: z.string(), language: z.string() }).optional(),
  media: MediaState.optional(),
  /** wamid of the quoted message. */
  replyTo: z.string().nullable().optional(),
  /** What history shows; never the code of an OTP. */
  content: z.record(z.string(), z.unknown()).optional(),
  reference: z.string().nullable().optional(),
  keyId: z.string().optional(),
  mode: z.enum(['live', 'test']).optional(),
  /** The idempotency item whose answer hangs on this message's outcome. */
  idempotencyId: z.string().optional(),
  /** Random: the request that may call Meta for this message, until it wrote down what became of it. */
  senderId: z.string().optional(),
  /** Until then that request may still be at work. */
  senderUntil: z.number().optional(),
  /** Our answer to Meta's refusal, as far as it cannot be made again from the rest. */
  refusal: z.object({ statusCode: z.number(), body: z.string() }).optional(),
  errors: z.array(MessageError).optional(),
  createdAt: z.number().optional(),
  acceptedAt: z.number().optional(),
  /** When we lost Meta's answer. */
  outcomeUnknownAt: z.number().optional(),
  /** What the tenant is told of it then. */
  reconciliation: Reconciliation.optional(),
  sentAt: z.number().optional(),
  deliveredAt: z.number().optional(),
  readAt: z.number().optional(),
  playedAt: z.number().optional(),
  failedAt: z.number().optional(),
});
export type Message = z.output<typeof Message>;

/** Which attribute says when Meta told a status. */
export const TIME_OF = {
  sent: 'sentAt',
  delivered: 'deliveredAt',
  read: 'readAt',
  played: 'playedAt',
  failed: 'failedAt',
} as const satisfies Record<WebhookStatus, keyof Message>;

export const timeOfStatus = (message: Message, status: WebhookStatus): number | undefined => message[TIME_OF[status]];

/** accepted < sent < delivered < read < played; `failed` only overrides accepted and sent (meta-cloud-api §5.4). */
export function messageStatus(
  message: Message,
): WebhookStatus | 'received' | 'accepted' | 'outcome_unknown' | 'dispatched' {
  if (message.direction === 'inbound') return 'received';
  if (message.playedAt) return 'played';
  if (message.readAt) return 'read';
  if (message.deliveredAt) return 'delivered';
  if (message.failedAt) return 'failed';
  if (message.sentAt) return 'sent';
  if (message.acceptedAt) return 'accepted';
  return message.outcomeUnknownAt ? 'outcome_unknown' : 'dispatched';
}

/** It was said to have no outcome, and Meta's webhook has told nothing of it since. */
export const isUnresolved = (message: Partial<Message>): boolean =>
  message.outcomeUnknownAt !== undefined && Object.values(TIME_OF).every((time) => message[time] === undefined);
