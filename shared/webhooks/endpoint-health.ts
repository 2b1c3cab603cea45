import type { Endpoint } from '../store/endpoint-store.ts';

/** The breaker opens at so many attempts … */
const MIN_ATTEMPTS = 10;
/** … of which this share failed … */
export const FAILURE_SHARE = 0.7;
/** … in this time, milliseconds: contract §7. */
export const WINDOW_MS = 5 * 60_000;

/** Waits before the first, second … probe of an open endpoint, seconds; the last one repeats: contract §7. */
export const PROBE_DELAYS_SECONDS = [30, 60, 120, 300] as const;

const HOUR_MS = 60 * 60_000;
/** No 2xx for so long, with so many failed events on so many days: the endpoint is disabled. Contract §7. */
const DISABLE_AFTER_MS = 72 * HOUR_MS;
const DISABLE_MIN_EVENTS = 20;
const DISABLE_MIN_DAYS = 2;

/** Recent answers slower than this put an endpoint on the slow lane, milliseconds: contract §7. */
export const SLOW_MS = 2000;

/** Whether the attempts of the window open the breaker. */
export const isTripped = ({ attempts, failures }: Pick<Endpoint, 'attempts' | 'failures'>): boolean =>
  attempts >= MIN_ATTEMPTS && failures >= attempts * FAILURE_SHARE;

/** Whether the endpoint has been dead for so long that it is to be disabled. */
export const isGivenUp = (
  { failingSince, failedEvents, failedDays }: Pick<Endpoint, 'failingSince' | 'failedEvents' | 'failedDays'>,
  now: number,
): boolean =>
  failingSince !== undefined &&
  now - failingSince >= DISABLE_AFTER_MS &&
  failedEvents >= DISABLE_MIN_EVENTS &&
  failedDays.size >= DISABLE_MIN_DAYS;

/** @param made probes made since the breaker opened */
export const probeDelayMs = (made: number): number =>
  1000 * (PROBE_DELAYS_SECONDS[Math.min(made, PROBE_DELAYS_SECONDS.length - 1)] ?? 0);

/** The value that at most 5 % of the durations exceed; 0 without any. */
export function p95(durations: readonly number[]): number {
  const sorted = [...durations].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0;
}

/**
 * How many events per second a release or a recovery may add to an endpoint: at most half of what the endpoint can take,
 * so that fresh events always find the other half. Contract §7.
 * @param limits `perSecond`: what a fast endpoint is given; `inFlight`: calls under way at once
 */
export function backlogRate(
  { lane, p95Ms }: Pick<Endpoint, 'lane' | 'p95Ms'>,
  limits: { perSecond: number; inFlight: number },
): number {
  // Little's law: so many calls at once, each so long, make so many a second.
  const canTake = lane === 'slow' ? limits.inFlight / (Math.max(p95Ms ?? SLOW_MS, SLOW_MS) / 1000) : limits.perSecond;
  return Math.max(1, Math.floor(Math.min(limits.perSecond, canTake) / 2));
}

/** No ladder lives longer, milliseconds: seven waits of 6 h (`Retry-After`) with room for our own faults. */
const LADDER_LIFE_MS = 48 * HOUR_MS;

/** Whether the endpoint has as many ladders as it may have; a count that nothing was added to for so long is of dead ones. */
export const hasAllLadders = (
  { ladders, lastLadderAt }: Pick<Endpoint, 'ladders' | 'lastLadderAt'>,
  max: number,
  now: number,
): boolean => ladders >= max && now - lastLadderAt < LADDER_LIFE_MS;
