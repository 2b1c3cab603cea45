import { ApiError } from '../errors.ts';
import { conversationId } from '../ids.ts';
import type { SendOutcome } from '../meta/graph-client.ts';
import { type MetaError, throttleOf, toMessageError } from '../meta/meta-errors.ts';
import type { StoredResponse } from '../store/idempotency-store.ts';
import type { Message } from '../store/message.ts';
import type { SendResult } from '../store/message-store.ts';
import { acceptedResponse, refusedResponse, unknownResponse } from './send-response.ts';

type NothingSent = Extract<SendOutcome, { kind: 'not_sent' }> | { kind: 'refused'; error: MetaError };

/** Meta's throttles come before it does anything: as if we had not called. */
export const isNothingSent = (outcome: SendOutcome): outcome is NothingSent =>
  outcome.kind === 'not_sent' || (outcome.kind === 'refused' && throttleOf(outcome.error.code) !== null);

/** Which throttle of Meta's it was, if it was one. */
export const throttleIn = (outcome: NothingSent) =>
  outcome.kind === 'refused' ? throttleOf(outcome.error.code) : null;

/** The error of a send that did not happen. @param headers of a throttle's answer */
export function nothingSent(outcome: NothingSent, headers?: Record<string, string> | null): ApiError {
  if (outcome.kind === 'not_sent') {
    const { cause } = outcome;
    return new ApiError('whatsapp_unreachable', 'No connection to WhatsApp could be made.', {}, { cause });
  }
  const throttle = throttleIn(outcome);
  const code = throttle?.scope === 'pair' ? 'pair_rate_limited' : 'rate_limited';
  return new ApiError(code, 'WhatsApp takes no more messages for now. Nothing was sent.', {
    retryAfterSeconds: throttle?.retryAfterSeconds,
    whatsappError: { error: outcome.error },
    ...(headers ? { headers } : {}),
  });
}

type Draft = Omit<Message, 'brandShard'>;
type Concluded = { result: SendResult; response: StoredResponse; transition: 'accepted' | 'refused' | 'unknown' };

/** What is written into history, and what the caller gets. */
export function conclude(
  outcome: Exclude<SendOutcome, { kind: 'not_sent' }>,
  draft: Draft,
  at: { docsUrl: string; instance: string; requestId: string },
  nowMs: number,
): Concluded {
  // Meta's own number for the person, where it told one: its webhooks will name that one (meta-cloud-api §7).
  const contact = (outcome.kind === 'accepted' && outcome.waId) || (draft.contact ?? '');
  const conversation = { conversationId: conversationId(draft.brandId, contact) };
  switch (outcome.kind) {
    case 'accepted': {
      const result = { ...conversation, waMessageId: outcome.waMessageId, acceptedAt: nowMs };
      return { result, response: acceptedResponse({ ...draft, ...result }), transition: 'accepted' };
    }
    case 'unknown': {
      const result = { ...conversation, outcomeUnknownAt: nowMs };
      return { result, response: unknownResponse(draft), transition: 'unknown' };
    }
    case 'refused': {
      const refusal = refusedResponse(outcome.error, at);
      const errors = [toMessageError(outcome.error)];
      // Meta's own object, our request id: only a key's replay needs them, byte for byte.
      const kept = draft.idempotencyId === undefined ? {} : { refusal };
      return {
        result: { ...conversation, failedAt: nowMs, errors, ...kept },
        response: refusal,
        transition: 'refused',
      };
    }
  }
}
