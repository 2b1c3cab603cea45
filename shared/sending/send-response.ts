import * as z from 'zod';
import { toIso } from '../clock.ts';
import { ApiError } from '../errors.ts';
import { errorResponse } from '../http/error-response.ts';
import { isRetryableMetaError, type MetaError } from '../meta/meta-errors.ts';
import type { StoredResponse } from '../store/idempotency-store.ts';
import type { Message } from '../store/message.ts';
import { TemplateRef } from '../views/message-view.ts';

const common = {
  id: z.string().meta({ description: 'Our id of the message.', example: 'msg_01KB2M5ZC0N7Q1V9T3X5Y7Z9A1' }),
  to: z.string().meta({ description: 'The recipient: digits, or a user id.', example: '15550109999' }),
  type: z.string().meta({ description: 'Type of the message.', example: 'template' }),
  template: TemplateRef.optional(),
  reference: z.string().nullable().meta({ description: 'Yours, as you gave it.', example: 'signup-4711' }),
  created_at: z.iso.datetime().meta({ description: 'When we took it.', example: '2026-11-22T10:30:00.000Z' }),
};

/** 200 of every send: Meta took the message. */
export const AcceptedSend = z
  .object({
    ...common,
    wa_message_id: z
      .string()
      .meta({ description: "Meta's id of the message.", example: 'wamid.HBgLMTU1NTAxMDk5OTkVAgARGBI' }),
    status: z
      .literal('accepted')
      .meta({ description: 'Meta took it; whether it arrives, events tell.', example: 'accepted' }),
  })
  .meta({ id: 'AcceptedSend', description: 'Meta took the message.' });

/** 202 of every send: Meta's answer was lost, and its webhook will tell what became of the message. */
export const UnknownSend = z
  .object({
    ...common,
    status: z.literal('outcome_unknown').meta({
      description: "Meta's answer was lost. Do not send again: `message.reconciled` tells what became of it.",
      example: 'outcome_unknown',
    }),
  })
  .meta({ id: 'UnknownSend', description: 'The message may have been sent.' });

/** What a send answers, for its contract. */
export const SEND_RESPONSES = {
  200: { description: 'Meta took the message.', schema: AcceptedSend },
  202: { description: "Meta's answer was lost: the message may have been sent.", schema: UnknownSend },
} as const;

/** Codes every send may answer with. */
export const SEND_ERRORS = [
  'connection_not_found',
  'connection_token_invalid',
  'idempotency_in_progress',
  'idempotency_key_reused',
  'pair_rate_limited',
  'whatsapp_error',
  'whatsapp_unreachable',
] as const;

type Sent = Omit<Message, 'brandShard'>;

const commonOf = (message: Sent) => ({
  to: message.contact ?? '',
  type: message.type ?? '',
  ...(message.template ? { template: message.template } : {}),
  reference: message.reference ?? null,
  created_at: toIso(message.createdAt ?? 0),
});

/** @throws when the message has no wamid, which is to say when Meta did not take it */
export function acceptedResponse(message: Sent): StoredResponse {
  const { messageId: id, waMessageId: wa_message_id } = message;
  const body = AcceptedSend.parse({ id, wa_message_id, status: 'accepted', ...commonOf(message) });
  return { statusCode: 200, body: JSON.stringify(body) };
}

export function unknownResponse(message: Sent): StoredResponse {
  const body = UnknownSend.parse({ id: message.messageId, status: 'outcome_unknown', ...commonOf(message) });
  return { statusCode: 202, body: JSON.stringify(body) };
}

/** Meta refused: its error object rides in the problem document unchanged. The refusal is kept under the key, so a retry needs a new one. */
export function refusedResponse(
  error: MetaError,
  at: { docsUrl: string; instance: string; requestId: string },
): StoredResponse {
  const retryable = isRetryableMetaError(error.code);
  const { statusCode, body } = errorResponse(
    new ApiError('whatsapp_error', error.message ?? 'WhatsApp refused the message.', {
      retryable,
      ...(retryable ? { fix: 'WhatsApp says this may pass: send again later, under a new Idempotency-Key.' } : {}),
      whatsappError: { error },
    }),
    at,
  );
  return { statusCode, body };
}
