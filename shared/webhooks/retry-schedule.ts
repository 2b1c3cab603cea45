/** Waits between attempts, seconds: contract §7. The first attempt is at once, so there is one attempt more than there are waits. */
export const RETRY_DELAYS_SECONDS = [1, 5, 30, 120, 600, 3600, 21_600] as const;

export const MAX_ATTEMPTS = RETRY_DELAYS_SECONDS.length + 1;

/** Up to this share of a wait is added at random, so that tenants' retries do not come in step. Never taken off. */
const JITTER = 0.2;

/** A `Retry-After` is honoured up to the longest rung, seconds. */
const MAX_RETRY_AFTER_SECONDS = 21_600;

/**
 * The wait before the next attempt, whole seconds (Step Functions' `Seconds` takes no fractions; rounding down keeps
 * the wait within rung … rung + 20 %).
 * @param failedAttempt the attempt that just failed, counted from 1
 * @param retryAfterSeconds what the endpoint asked for; only a longer wait than the rung is honoured
 * @param random in [0, 1)
 * @returns null when the ladder is exhausted
 */
export function nextDelaySeconds(
  failedAttempt: number,
  retryAfterSeconds: number | null,
  random: number,
): number | null {
  const rung = RETRY_DELAYS_SECONDS[failedAttempt - 1]; // attempts count from 1, the list from 0
  if (rung === undefined) return null;
  const jittered = Math.floor(rung * (1 + JITTER * random));
  return Math.max(jittered, Math.min(retryAfterSeconds ?? 0, MAX_RETRY_AFTER_SECONDS));
}
