import * as z from 'zod';
import { toIso } from '../clock.ts';
import { ApiError } from '../errors.ts';
import { errorResponse } from '../http/error-response.ts';
import { isRetryableMetaError, type MetaError } from '../meta/meta-errors.ts';
import type { StoredResponse } from '../store/idempotency-store.ts';
import type { Message } from '../store/message-store.ts';

const common = {
  id: z.string(),
  to: z.string(),
  type: z.string(),
  template: z.object({ name: z.string(), language: z.string() }).optional(),
  reference: z.string().nullable(),
  created_at: z.iso.datetime(),
};

/** 200 of every send: Meta took the message. */
export const AcceptedSend = z.strictObject({
  ...common,
  wa_message_id: z.string(),
  status: z.literal('accepted'),
});

/** 202 of every send: Meta's answer was lost, and its webhook will tell what became of the message. */
export const UnknownSend = z.strictObject({ ...common, status: z.literal('outcome_unknown') });

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
