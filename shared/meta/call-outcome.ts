import { ApiError } from '../errors.ts';
import type { CallOutcome } from './graph-client.ts';
import { isRetryableMetaError, throttleOf } from './meta-errors.ts';

/**
 * The value of a call to Meta that may be repeated.
 * @throws ApiError 429 when Meta throttles, 502 when it refuses or cannot be reached; Meta's error object rides in it
 */
export function requireOk<T>(outcome: CallOutcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value;
  if (outcome.kind === 'failed') {
    const { cause } = outcome;
    throw new ApiError('whatsapp_unreachable', 'WhatsApp did not answer.', {}, { cause });
  }
  const { error } = outcome;
  const throttle = throttleOf(error.code);
  if (!throttle) {
    throw new ApiError('whatsapp_error', error.message ?? 'WhatsApp refused the request.', {
      retryable: isRetryableMetaError(error.code),
      whatsappError: { error },
    });
  }
  throw new ApiError(
    throttle.scope === 'pair' ? 'pair_rate_limited' : 'rate_limited',
    'WhatsApp takes no more requests for now.',
    { retryAfterSeconds: throttle.retryAfterSeconds, whatsappError: { error } },
  );
}
