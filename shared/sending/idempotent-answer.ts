import { ApiError } from '../errors.ts';
import type { ApiResponse } from '../http/response.ts';
import type { IdempotencyItem, IdempotencyStore, StoredResponse } from '../store/idempotency-store.ts';
import { Message, type MessageStore } from '../store/message-store.ts';
import { acceptedResponse, unknownResponse } from './send-response.ts';

type Deps = { idempotency: IdempotencyStore; messages: MessageStore };

/** The draft an item holds until it completes. */
const Draft = Message.omit({ brandShard: true });

/**
 * What a request gets whose Idempotency-Key was there before: contract §5.
 * @throws ApiError 422 for another request under the same key, in every state; 409 while the first may still be at work
 */
export async function earlierAnswer(
  { idempotency, messages }: Deps,
  first: IdempotencyItem,
  fingerprint: string,
  nowMs: number,
): Promise<ApiResponse> {
  if (first.fingerprint !== fingerprint) {
    throw new ApiError('idempotency_key_reused', 'This Idempotency-Key was used with a different request.');
  }
  if (first.state === 'completed' && first.response) return replayed(first.response);
  if (first.state === 'dispatched' && first.ownerUntil > nowMs) {
    throw new ApiError('idempotency_in_progress', 'The first request with this Idempotency-Key is still running.');
  }
  // Its owner is dead or lost Meta's answer. What became of the message only Meta's webhook could tell, and it told the message.
  const draft = Draft.parse(first.draft);
  const [message] = await messages.getMany([draft]);
  if (message?.waMessageId === undefined) return unknownResponse(draft);
  const response = acceptedResponse({ ...draft, waMessageId: message.waMessageId });
  await idempotency.resolve(first, response);
  return replayed(response);
}

const replayed = (response: StoredResponse): ApiResponse => ({
  ...response,
  headers: { 'Idempotency-Replayed': 'true' },
});
