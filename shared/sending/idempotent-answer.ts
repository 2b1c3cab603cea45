import { ApiError } from '../errors.ts';
import type { ApiResponse } from '../http/response.ts';
import type { IdempotencyItem, StoredResponse } from '../store/idempotency-store.ts';
import { Message } from '../store/message-store.ts';
import { unknownResponse } from './send-response.ts';

/**
 * What a request gets whose Idempotency-Key was there before: contract §5.
 * @throws ApiError 422 for another request under the same key, in every state; 409 while the first may still be at work
 */
export function storedAnswer(first: IdempotencyItem, fingerprint: string, nowMs: number): ApiResponse {
  if (first.fingerprint !== fingerprint) {
    throw new ApiError('idempotency_key_reused', 'This Idempotency-Key was used with a different request.');
  }
  if (first.state === 'completed' && first.response) return replayed(first.response);
  if (first.state === 'dispatched' && first.ownerUntil > nowMs) {
    throw new ApiError('idempotency_in_progress', 'The first request with this Idempotency-Key is still running.');
  }
  // Its owner is dead or lost Meta's answer. Whether the person got the message only Meta's webhook can tell.
  return unknownResponse(Message.omit({ brandShard: true }).parse(first.draft));
}

const replayed = (response: StoredResponse): ApiResponse => ({
  ...response,
  headers: { 'Idempotency-Replayed': 'true' },
});
