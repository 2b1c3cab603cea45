import { ApiError } from '../errors.ts';
import type { ApiResponse } from '../http/response.ts';
import type { IdempotencyItem, IdempotencyStore, StoredResponse } from '../store/idempotency-store.ts';
import type { MessageStore } from '../store/message-store.ts';
import { acceptedResponse, unknownResponse } from './send-response.ts';
import { countTransition } from './transitions.ts';

type Deps = { messages: MessageStore; idempotency: Pick<IdempotencyStore, 'keepUnresolved'> };
type Again = { brandId: string; fingerprint: string; nowMs: number };

/**
 * What a request gets whose Idempotency-Key was there before: contract §5. What became of the first request is in its
 * message, which the sender, Meta's webhook or the sweeper wrote.
 * @returns null when nothing was sent under the key and nobody is about to: the request may go on
 * @throws ApiError 422 for another request under the same key; 409 while the first may still be at work
 */
export async function earlierAnswer(
  { messages, idempotency }: Deps,
  first: IdempotencyItem,
  again: Again,
): Promise<ApiResponse | null> {
  const id = { brandId: again.brandId, messageId: first.messageId };
  // Free: unless an owner that was thought dead woke after it was freed, and sent.
  if (first.state === 'released' && (await messages.getMany([id])).length === 0) return null;
  if (first.fingerprint !== again.fingerprint) {
    throw new ApiError('idempotency_key_reused', 'This Idempotency-Key was used with a different request.');
  }
  if (first.state === 'completed' && first.response) return replayed(first.response);

  for (;;) {
    const [message] = await messages.getMany([id]);
    if (!message) break;
    if (message.waMessageId !== undefined) return replayed(acceptedResponse(message));
    if (message.refusal) return replayed(message.refusal);
    if (message.outcomeUnknownAt === undefined) {
      if ((message.senderUntil ?? 0) > again.nowMs) throw inProgress();
      // The key first: the sweeper does not come back to a message that is marked.
      await idempotency.keepUnresolved(first);
      // Who is told so is told the end of it too: the message says it before we do. Refused when it got its outcome.
      if (!(await messages.markUnknown(message, again.nowMs))) continue;
      countTransition('unknown');
    }
    countTransition('unknown_told');
    return unknownResponse(message);
  }
  // Its owner died before it dispatched, or is about to: then the dispatch decides which of the two may call Meta.
  if (first.ownerUntil > again.nowMs) throw inProgress();
  return null;
}

export const inProgress = () =>
  new ApiError('idempotency_in_progress', 'The first request with this Idempotency-Key is still running.');

function replayed(response: StoredResponse): ApiResponse {
  countTransition('replayed');
  return { ...response, headers: { 'Idempotency-Replayed': 'true' } };
}
