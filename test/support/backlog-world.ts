import { recoverEvents } from '../../functions/recover-events/recover-events.ts';
import { watchEndpoint } from '../../functions/watch-endpoint/watch-endpoint.ts';
import type { EventType } from '../../shared/events/event-types.ts';
import type { EndpointStore } from '../../shared/store/endpoint-store.ts';
import type { EventStatus, EventStore } from '../../shared/store/event-store.ts';
import type { Recovery, RecoveryFilter, RecoveryStore } from '../../shared/store/recovery-store.ts';
import { deliverFromQueue } from '../../shared/webhooks/deliver.ts';
import type { Delivery } from '../../shared/webhooks/delivery.ts';
import { connectionTo, freshEvent, laneContainer } from './lane.ts';
import type { TableKeys } from './memory-dynamodb.ts';

export const START = Date.UTC(2026, 10, 22, 12);

/** What a world's stores are made of, for `realDynamodb`. */
export const BACKLOG_TABLES: TableKeys = {
  endpoints: ['connectionId'],
  events: ['brandShard', 'eventId'],
  recoveries: ['brandId', 'recoveryId'],
};

type Stores = { endpoints: EndpointStore; events: EventStore; recoveries: ReturnType<typeof memoryRecoveries> };
type Limits = { perSecond: number; inFlight: number; ladders: number };

/** A brand with events, releases and recoveries of its own; time goes from turn to turn, and what is sent is delivered at once. */
export function backlogWorld({ endpoints, events, recoveries }: Stores, limits: Limits, name: string) {
  const connection = connectionTo('https://tenant.example/', name);
  const { brandId, connectionId } = connection;
  let now = START;
  let stored = 0;
  /** How many messages show themselves in which second, and which. */
  const shown = new Map<number, number>();
  const sent = new Map<string, { by: string; at: number; times: number }>();
  let dies = (_job: string): boolean => false;
  const post = async () => ({
    statusCode: 200,
    errorClass: null,
    response: '',
    retryAfterSeconds: null,
    durationMs: 5,
  });
  const take = deliverFromQueue(
    laneContainer({
      lane: 'slow',
      connections: [connection],
      events,
      endpoints,
      endpoint: { post },
      now: () => now,
      inFlight: 25,
    }),
  );
  const sender = (job: string) => async (deliveries: readonly Delivery[], perSecond: number) => {
    const isLast = dies(job);
    const queued = deliveries.slice(0, isLast ? 10 : undefined);
    for (const [index, delivery] of queued.entries()) {
      const second = Math.floor(now / 1000) + Math.floor(index / perSecond);
      shown.set(second, (shown.get(second) ?? 0) + 1);
      if (delivery.kind !== 'run') continue;
      sent.set(delivery.event_id, { by: job, at: now, times: 1 + (sent.get(delivery.event_id)?.times ?? 0) });
    }
    await Promise.all(queued.map((delivery) => take(delivery, 1)));
    if (isLast) throw new Error('killed');
  };
  const common = { endpoints, events, limits, now: () => now };

  type Job = { name: string; at: number; turn: () => Promise<number | null> };
  const jobs: Job[] = [];
  const loop = <Step extends { wait_seconds: number }>(
    name: string,
    first: Step,
    startsAt: number,
    turn: (step: Step) => Promise<Step>,
  ) => {
    let step = first;
    jobs.push({
      name,
      at: START + startsAt * 1000,
      turn: async () => {
        try {
          step = await turn(step);
          return step.wait_seconds;
        } catch (error) {
          // As Step Functions does: the same step again, or the end.
          return (error as Error).name === 'LoopEnded' ? null : 5;
        }
      },
    });
  };
  return {
    connection,
    take,
    shown,
    sent,
    jobs,
    kill: (which: (job: string) => boolean) => {
      dies = which;
    },
    async store(status: EventStatus, type: EventType, count: number): Promise<void> {
      const insert = async () => {
        const { event } = freshEvent(connection, START - 60_000, stored++);
        const item = { eventId: event.id, brandId, connectionId, type, event, status, run: 1 };
        await events.insert({ ...item, attempts: [], createdAt: START - 60_000 });
      };
      for (let left = count; left > 0; left -= 25)
        await Promise.all(Array.from({ length: Math.min(25, left) }, insert));
    },
    async recovery(
      recoveryId: string,
      type: EventType,
      startsAt: number,
      ratePerSecond: number,
      statuses: RecoveryFilter['statuses'] = ['failed'],
    ) {
      const filter = { statuses, types: [type], since: START - 120_000, until: START };
      const state = { status: 'running' as const, total: 0, isTotalExact: true, enqueued: 0, lookedAtUpTo: null };
      const times = { createdAt: START, endedAt: null };
      await recoveries.insert({ recoveryId, brandId, connectionId, filter, ratePerSecond, ...state, ...times });
      const turn = recoverEvents({ ...common, recoveries, toSlowLane: sender(recoveryId) });
      loop(recoveryId, { recovery_id: recoveryId, brand_id: brandId, wait_seconds: 0 }, startsAt, turn);
    },
    async release(startsAt: number): Promise<void> {
      const { watch } = await endpoints.touchHeld(connection, START, START);
      const turn = watchEndpoint({
        ...common,
        connectionOf: async () => connection,
        startWatch: async () => {},
        toSlowLane: sender('release'),
      });
      const first = { connection_id: connectionId, brand_id: brandId, watch, after: null, pass_started_at: 0 };
      loop('release', { ...first, found: false, wait_seconds: 0 }, startsAt, turn);
    },
    /** Everybody whose time has come takes his turn at the same moment. */
    async run(seconds: number): Promise<void> {
      while (jobs.length > 0) {
        now = Math.min(...jobs.map(({ at }) => at));
        if (now > START + seconds * 1000) return;
        const due = jobs.filter(({ at }) => at <= now);
        const waits = await Promise.all(due.map(({ turn }) => turn()));
        for (const [index, job] of due.entries()) {
          const wait = waits[index] ?? null;
          if (wait === null) jobs.splice(jobs.indexOf(job), 1);
          else job.at = now + wait * 1000;
        }
      }
    },
  };
}

/** The recovery store's conditions without a database. */
export function memoryRecoveries(): Pick<RecoveryStore, 'get' | 'insert' | 'progress' | 'end'> {
  const items = new Map<string, Recovery>();
  const whileRunning = (id: string, to: Partial<Recovery>, isAsRead = (_: Recovery) => true): boolean => {
    const before = items.get(id);
    if (before?.status !== 'running' || !isAsRead(before)) return false;
    items.set(id, { ...before, ...to });
    return true;
  };
  return {
    get: async ({ recoveryId }) => items.get(recoveryId) ?? null,
    insert: async (recovery) => void items.set(recovery.recoveryId, { ...recovery, expiresAt: 0 }),
    progress: async (before, lookedAtUpTo, more) =>
      whileRunning(
        before.recoveryId,
        { lookedAtUpTo, enqueued: before.enqueued + more },
        (now) => now.lookedAtUpTo === before.lookedAtUpTo,
      ),
    end: async ({ recoveryId }, status, endedAt) => whileRunning(recoveryId, { status, endedAt }),
  };
}
