import { firstIdAt } from '../ids.ts';
import type { EventStore, StoredEvent } from '../store/event-store.ts';
import type { RecoveryFilter } from '../store/recovery-store.ts';

/** The ids of the times of a filter; `after` is where the last turn left off. */
export const rangeOf = ({ since, until }: RecoveryFilter, after: string | null = null) => ({
  // `!` makes the text that sorts right after the id itself.
  from: after === null ? firstIdAt('evt', since) : `${after}!`,
  to: firstIdAt('evt', until + 1),
});

export const matches = ({ statuses, types }: RecoveryFilter, { status, type }: StoredEvent): boolean =>
  (statuses as readonly string[]).includes(status) && (types === null || (types as readonly string[]).includes(type));

/** Counts what a recovery would be about, for as long as it may take. */
export async function countMatches(
  events: EventStore,
  brandId: string,
  filter: RecoveryFilter,
  hasTime: () => boolean,
): Promise<{ count: number; isExact: boolean }> {
  let count = 0;
  for (let after: string | null = null; hasTime(); ) {
    const part = await events.part(brandId, rangeOf(filter, after), (event) => matches(filter, event));
    count += part.events.length;
    after = part.upTo;
    if (after === null) return { count, isExact: true };
  }
  return { count, isExact: false };
}
