import type { Now } from '../clock.ts';
import type { LimitStore, Rate } from '../store/limit-store.ts';

/**
 * A container may hold tokens for as long as the bucket takes to get this share of its burst; the shared bucket is
 * smaller by as much. So tokens in hand never let more pass than the limit, and at most this share is left unused.
 */
const SLACK = 0.025;
/** A container leases at most this share of what is left: the less is left, the finer it is shared out. */
const MAX_SHARE = 1 / 40;
/** What a container that was asked once may take at least: fifty that strand it strand one in a hundred. */
const FIRST_SHARE = 1 / 5000;
const GROWTH = 4;
const MAX_ENTRIES = 10_000;

type Held = { tokens: number; until: number; lastLease: number; fullAt: number };
export type Taken = { isTaken: true; remaining: number } | { isTaken: false; retryAfterMs: number };

/**
 * A token bucket in DynamoDB of which each container leases a few tokens at a time: one write for one request of a
 * container that is asked seldom, one for many of a busy one. A bucket known to be empty costs nothing to ask.
 */
export function leasedBucket(limits: LimitStore, now: Now) {
  const held = new Map<string, Held>();

  const stateOf = (id: string): Held => {
    const known = held.get(id);
    if (known) return known;
    if (held.size >= MAX_ENTRIES) held.delete(held.keys().next().value as string);
    const fresh = { tokens: 0, until: 0, lastLease: 0, fullAt: 0 };
    held.set(id, fresh);
    return fresh;
  };

  return {
    /** One request of `id`. */
    async take(id: string, rate: Rate): Promise<Taken> {
      const state = stateOf(id);
      const shared = { ...rate, burst: Math.max(1, Math.ceil(rate.burst * (1 - SLACK))) };
      const at = now();
      if (state.tokens > 0 && state.until > at) {
        state.tokens -= 1;
        return { isTaken: true, remaining: remainingOf(state, shared, at) };
      }
      // Used up before its time: the container is busy and may hold more. Else it starts with what it needs now.
      const wasBusy = state.tokens === 0 && state.until > at;
      const left = remainingOf({ ...state, tokens: 0 }, shared, at);
      const most = Math.floor(left * MAX_SHARE);
      const wanted = Math.max(
        1,
        Math.floor(left * FIRST_SHARE),
        wasBusy ? Math.min(state.lastLease * GROWTH, most) : 0,
      );
      const { drawn, fullAt } = await limits.draw(id, shared, wanted, state.fullAt, at);
      state.fullAt = Math.max(state.fullAt, fullAt);
      if (drawn === 0) {
        return { isTaken: false, retryAfterMs: Math.max(1, fullAt - (at + (shared.burst - 1) * shared.intervalMs)) };
      }
      state.tokens = (state.until > at ? state.tokens : 0) + drawn - 1;
      state.until = at + rate.burst * SLACK * rate.intervalMs;
      state.lastLease = drawn;
      return { isTaken: true, remaining: remainingOf(state, shared, at) };
    },

    /** Somebody else who counts (Meta) says that it is empty for so long. */
    drain(id: string, rate: Rate, ms: number): void {
      const state = stateOf(id);
      state.tokens = 0;
      state.fullAt = now() + (rate.burst - 1) * rate.intervalMs + ms;
    },
  };
}

const remainingOf = ({ tokens, fullAt }: Held, { burst, intervalMs }: Rate, at: number): number =>
  tokens + Math.max(0, Math.floor((at + burst * intervalMs - Math.max(fullAt, at)) / intervalMs));
