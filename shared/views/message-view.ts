import * as z from 'zod';
import { toIso } from '../clock.ts';
import { orNull } from '../http/page.ts';
import { timeOfId } from '../ids.ts';
import { mediaIdOf } from '../media/media-copy.ts';
import { type Message, MessageError, messageStatus, timeOfStatus, WEBHOOK_STATUSES } from '../store/message.ts';
import { ContactView, contactOf } from './contact-view.ts';

export const DIRECTIONS = ['inbound', 'outbound'] as const;
export const MESSAGE_STATUSES = ['received', 'dispatched', 'accepted', 'outcome_unknown', ...WEBHOOK_STATUSES] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

const id = 'msg_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1';
const time = z.iso.datetime();

export const MessageErrorView = MessageError.extend({
  code: z.number().meta({ description: "Meta's error code.", example: 131026 }),
  title: z.string().nullable().meta({ description: "Meta's title.", example: 'Message undeliverable' }),
  message: z.string().nullable().meta({ description: "Meta's message.", example: 'Message undeliverable' }),
  details: z.string().nullable().meta({ description: "Meta's reason.", example: 'Message Undeliverable.' }),
  retryable: z.boolean().meta({ description: 'Whether sending it again may help.', example: false }),
}).meta({ id: 'MessageError', description: 'Why WhatsApp did not deliver a message.' });

export const TemplateRef = z
  .object({
    name: z.string().meta({ description: 'Name of the template.', example: 'signup_otp' }),
    language: z.string().meta({ description: 'The language version that was sent.', example: 'en_US' }),
  })
  .meta({ id: 'TemplateRef', description: 'The template a message was made of.' });

const MediaView = z
  .object({
    state: z.enum(['pending', 'stored', 'refused']).meta({
      description: 'stored: GET /messages/{id}/media gives a link. refused: it could not be taken over.',
      example: 'stored',
    }),
    reason: z.string().nullable().meta({ description: 'Why it was refused.', example: null }),
    size: z.number().nullable().meta({ description: 'Bytes.', example: 48213 }),
    available_until: time
      .nullable()
      .meta({ description: 'Until then a stored file can be fetched.', example: '2027-02-20T10:30:00.000Z' }),
  })
  .meta({ id: 'MessageMedia', description: 'What became of the file of an inbound message.' });

const fields = {
  id: z.string().meta({ description: 'Our id.', example: id }),
  wa_message_id: z.string().nullable().meta({
    description: "Meta's id; null until Meta took the message.",
    example: 'wamid.HBgLMTU1NTAxMDk5OTkVAgARGBI',
  }),
  direction: z.enum(DIRECTIONS).meta({ description: '`inbound`: the person wrote.', example: 'outbound' }),
  type: z
    .string()
    .meta({ description: 'text, image, template, …; `unknown` where all we know is a status.', example: 'template' }),
  status: z.enum(MESSAGE_STATUSES).meta({
    description:
      "accepted → sent → delivered → read → played, or failed. `outcome_unknown`: Meta's answer was lost, its webhook will tell. `received`: inbound.",
    example: 'delivered',
  }),
  contact: orNull(ContactView),
  conversation_id: z
    .string()
    .nullable()
    .meta({ description: 'The conversation it belongs to.', example: 'cnv_5f1d7a84db00d2fce00b31a7fc73224f' }),
  template: orNull(TemplateRef),
  content: z.record(z.string(), z.unknown()).meta({
    description:
      'By type, as in `message.received` and as it was sent. The code of a one-time password is never shown.',
    example: { code: '••••••' },
  }),
  media: orNull(MediaView),
  reply_to: z.string().nullable().meta({ description: 'wamid of the message it quotes.', example: null }),
  reference: z.string().nullable().meta({ description: 'What you gave with the send.', example: 'signup-4711' }),
  errors: z.array(MessageErrorView).meta({ description: 'Why it failed.' }),
  created_at: time.meta({
    description: 'When it was sent, or when the person wrote it.',
    example: '2026-11-22T10:30:00.000Z',
  }),
};

export const MessageView = z.object(fields).meta({ id: 'Message', description: 'A message, in or out.' });

export const MessageDetail = z
  .object({
    ...fields,
    timeline: z
      .array(
        z.object({
          status: z.enum(MESSAGE_STATUSES).meta({ description: 'The status it took.', example: 'delivered' }),
          at: time.meta({ description: 'When, by whoever told it.', example: '2026-11-22T10:30:01.250Z' }),
        }),
      )
      .meta({ description: 'Every status with its time, oldest first.' }),
  })
  .meta({ id: 'MessageDetail', description: 'A message with its status timeline.' });

/** Ids begin with the message's own time: the order of lists and what they show are one. */
export const messageView = (message: Message): z.input<typeof MessageView> => ({
  id: message.messageId,
  wa_message_id: message.waMessageId ?? null,
  direction: message.direction,
  type: message.type ?? 'unknown',
  status: messageStatus(message),
  contact: contactOf(message),
  conversation_id: message.conversationId ?? null,
  template: message.template ?? null,
  content: message.content ?? {},
  media: mediaOf(message),
  reply_to: message.replyTo ?? null,
  reference: message.reference ?? null,
  errors: message.errors ?? [],
  created_at: toIso(timeOfId(message.messageId)),
});

function mediaOf({ direction, content, media }: Message): z.input<typeof MediaView> | null {
  if (direction !== 'inbound' || mediaIdOf(content) === null) return null;
  return {
    state: media?.state ?? 'pending',
    reason: media?.reason ?? null,
    size: media?.size ?? null,
    available_until: media?.until === undefined ? null : toIso(media.until),
  };
}

export const messageDetail = (message: Message): z.input<typeof MessageDetail> => ({
  ...messageView(message),
  timeline: timelineOf(message),
});

function timelineOf(message: Message): { status: MessageStatus; at: string }[] {
  const createdAt = timeOfId(message.messageId);
  const times: [MessageStatus, number | undefined][] = [
    message.direction === 'inbound' ? ['received', createdAt] : ['dispatched', createdAt],
    ['outcome_unknown', message.outcomeUnknownAt],
    ['accepted', message.acceptedAt],
    ...WEBHOOK_STATUSES.map((status): [MessageStatus, number | undefined] => [status, timeOfStatus(message, status)]),
  ];
  return times
    .flatMap(([status, at]) => (at === undefined ? [] : [{ status, at }]))
    .sort((a, b) => a.at - b.at)
    .map(({ status, at }) => ({ status, at: toIso(at) }));
}
