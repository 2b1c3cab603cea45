import type { Now } from '../clock.ts';
import type { Tally } from '../store/endpoint-store.ts';
import { FAILURE_SHARE, WINDOW_MS } from './endpoint-health.ts';

/**
 * What went well counts for as long as it would still be in a sliding window of 5 minutes in which everything since has
 * failed, when that has filled the breaker's share of it: of what came before the first failure, 90 s. So a busy
 * endpoint that dies is found out after the same 3.5 min, though the window does not slide.
 */
const LIFE_MS = WINDOW_MS * (1 - FAILURE_SHARE);
/** It is forgotten by halves: of what went well there is always between one half and the whole. */
const HALF_MS = LIFE_MS / 2;
/** Endpoints a container remembers. */
const MAX_ENDPOINTS = 1000;

const NOTHING: Tally = { attempts: 0, failures: 0, failedEvents: 0 };
type Halves = { since: number; now: Tally; before: Tally };

/** Counts attempts in memory until somebody asks for them. */
export function tallyKeeper(now: Now) {
  const tallies = new Map<string, Halves>();
  const halvesOf = (connectionId: string): Halves => {
    const known = tallies.get(connectionId);
    const age = known ? now() - known.since : Number.POSITIVE_INFINITY;
    if (known && age < HALF_MS) return known;
    return { since: now(), now: NOTHING, before: known && age < LIFE_MS ? known.now : NOTHING };
  };
  return {
    add(connectionId: string, more: Partial<Tally>): void {
      const halves = halvesOf(connectionId);
      tallies.set(connectionId, { ...halves, now: sum(halves.now, more) });
      if (tallies.size > MAX_ENDPOINTS) tallies.delete(tallies.keys().next().value as string);
    },
    take(connectionId: string): Tally {
      const { now: newer, before } = halvesOf(connectionId);
      tallies.delete(connectionId);
      return sum(newer, before);
    },
  };
}

const sum = (a: Tally, b: Partial<Tally>): Tally => ({
  attempts: a.attempts + (b.attempts ?? 0),
  failures: a.failures + (b.failures ?? 0),
  failedEvents: a.failedEvents + (b.failedEvents ?? 0),
});
