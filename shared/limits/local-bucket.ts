import type { Now } from '../clock.ts';
import type { Rate } from '../store/limit-store.ts';

const MAX_ENTRIES = 10_000;

/** A token bucket of this container alone, which costs no write. For limits whose last judge is Meta. */
export function localBucket(now: Now) {
  const fullAts = new Map<string, number>();
  return {
    /** @returns null when there was a token, else how long until there is one, milliseconds */
    take(id: string, { burst, intervalMs }: Rate): number | null {
      const at = now();
      const after = Math.max(fullAts.get(id) ?? 0, at) + intervalMs;
      const wait = after - (at + burst * intervalMs);
      if (wait > 0) return wait;
      fullAts.delete(id);
      fullAts.set(id, after);
      if (fullAts.size > MAX_ENTRIES) fullAts.delete(fullAts.keys().next().value as string);
      return null;
    },
    /** Takes nothing for so long. */
    block(id: string, { burst, intervalMs }: Rate, ms: number): void {
      fullAts.set(id, now() + (burst - 1) * intervalMs + ms);
    },
  };
}
