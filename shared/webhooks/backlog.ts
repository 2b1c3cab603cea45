import type { Now } from '../clock.ts';
import type { BacklogJob, Endpoint, EndpointRef, EndpointStore } from '../store/endpoint-store.ts';
import type { StoredEvent } from '../store/event-store.ts';
import { backlogRate } from './endpoint-health.ts';

/** A turn of a release or a recovery sends what the endpoint gets in this time, seconds. */
export const TURN_SECONDS = 10;

/** Messages are delayed by whole seconds from when they are sent, not from the claim: how late the last may show itself. */
const LATE_MS = 2000;
/** A job that has not come back so long after it should have is dead, as far as the others' shares are concerned. */
const OVERDUE_MS = 15_000;
/** Jobs of one endpoint that write at the same moment: who loses looks again. */
const MAX_TRIES = 5;

type Deps = {
  endpoints: Pick<EndpointStore, 'get' | 'setBacklog'>;
  limits: { perSecond: number; inFlight: number };
  now: Now;
};

/**
 * Claims a share of the half of an endpoint's rate that is for what is not fresh (contract §7). All releases and
 * recoveries of an endpoint claim from one item, and what a turn was granted counts until its last message has shown
 * itself: so they never get more than that half together, whoever of them dies, and whenever.
 * @param job its id, and how many events per second and in this turn it could send
 * @returns how many events per second it may send in this turn; none until so many seconds from now
 */
export async function claimBacklog(
  { endpoints, limits, now }: Deps,
  ref: EndpointRef,
  job: { id: string; perSecond: number; events: number },
): Promise<{ perSecond: number; waitSeconds: number }> {
  if (job.events === 0) return { perSecond: job.perSecond, waitSeconds: 0 };
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const endpoint = await endpoints.get(ref);
    const { jobs, ...claim } = shareIn(endpoint, job, backlogRate(endpoint, limits), now());
    if (!jobs || (await endpoints.setBacklog(endpoint, jobs))) return claim;
  }
  return { perSecond: 0, waitSeconds: 1 };
}

/** Events that were found, oldest first, and up to which one it was looked: null when there are no more. */
export type Found = { events: StoredEvent[]; upTo: string | null };

/** The first of them; what is left is found again. */
export const atMost = ({ events, upTo }: Found, max: number): Found =>
  events.length <= max ? { events, upTo } : { events: events.slice(0, max), upTo: events[max - 1]?.eventId ?? null };

function shareIn(
  { backlog }: Pick<Endpoint, 'backlog'>,
  { id, perSecond: asked, events }: { id: string; perSecond: number; events: number },
  total: number,
  now: number,
) {
  const before = backlog[id];
  // Its last turn died, and may have sent all it was granted.
  if (before && before.grantedUntil > now)
    return { perSecond: 0, waitSeconds: Math.ceil((before.grantedUntil - now) / 1000) };
  const others = Object.entries(backlog).filter(([other]) => other !== id);
  const flowing = others.filter(([, { grantedUntil }]) => grantedUntil + LATE_MS > now);
  const free = total - flowing.reduce((sum, [, { perSecond }]) => sum + perSecond, 0);
  const present = others.filter(([, { dueAt }]) => dueAt + OVERDUE_MS > now);
  const me = { asked, grantedAt: before?.grantedAt ?? 0 };
  const share = sharesOf(total, [...present, [id, me]]).get(id) ?? 0;

  const perSecond = Math.max(0, Math.min(share, free));
  const nextAt = flowing.map(([, { grantedUntil }]) => grantedUntil + LATE_MS).sort((a, b) => a - b)[0];
  const waitSeconds = perSecond > 0 ? 0 : Math.ceil(((nextAt ?? now + LATE_MS) - now) / 1000);
  const seconds = perSecond > 0 ? Math.min(TURN_SECONDS, Math.ceil(events / perSecond)) : waitSeconds;
  const mine: BacklogJob = {
    asked,
    perSecond,
    grantedAt: perSecond > 0 ? now : me.grantedAt,
    grantedUntil: perSecond > 0 ? now + 1000 * seconds : 0,
    dueAt: now + 1000 * seconds,
  };
  const alive = new Map([...flowing, ...present]);
  return { perSecond, waitSeconds, jobs: { ...Object.fromEntries(alive), [id]: mine } };
}

/** Nobody more than he asked for, what one leaves goes to the others. When there is not one for each, who waited longest has it. */
export function sharesOf(
  total: number,
  jobs: readonly (readonly [id: string, job: Pick<BacklogJob, 'asked' | 'grantedAt'>])[],
): Map<string, number> {
  const taking = [...jobs].sort(([, a], [, b]) => a.grantedAt - b.grantedAt).slice(0, total);
  let left = total;
  return new Map(
    taking
      .sort(([, a], [, b]) => a.asked - b.asked)
      .map(([id, { asked }], index) => {
        const share = Math.min(asked, Math.floor(left / (taking.length - index)));
        left -= share;
        return [id, share];
      }),
  );
}
