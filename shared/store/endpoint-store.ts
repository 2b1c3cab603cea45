import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { toIso } from '../clock.ts';
import { PROBE_DELAYS_SECONDS, WINDOW_MS } from '../webhooks/endpoint-health.ts';
import { failedCondition } from './conditional.ts';
import type { Write } from './transaction.ts';

/** Events are older than their arrival: what is held is looked for from so long before the first hold, milliseconds. */
const HELD_MARGIN_MS = 10 * 60_000;

/**
 * closed: as it should be · open: too much failed, events are held and it is probed · blocked: its address is not
 * allowed, held and probed likewise · disabled: held until somebody enables it.
 */
export const ENDPOINT_STATES = ['closed', 'open', 'blocked', 'disabled'] as const;
export const DISABLED_REASONS = ['gone', 'failing', 'no_endpoint', 'by_hand'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

/** A release or a recovery, and what it was granted of the endpoint's rate: shared/webhooks/backlog.ts. */
const BacklogJob = z.object({
  /** Events per second it could send. */
  asked: z.number(),
  /** Events per second it may send until `grantedUntil`; 0 while it waits for its turn. */
  perSecond: z.number(),
  grantedAt: z.number(),
  grantedUntil: z.number(),
  /** When it comes back, if it is alive. */
  dueAt: z.number(),
});
export type BacklogJob = z.output<typeof BacklogJob>;

/** The health of a connection's endpoint. One that never failed has no item, and is as these defaults say. */
export const Endpoint = z.object({
  connectionId: z.string(),
  brandId: z.string(),
  state: z.enum(ENDPOINT_STATES).default('closed'),
  lane: z.enum(['fast', 'slow']).default('fast'),
  /** When it was put on its lane. */
  p95Ms: z.number().optional(),
  /** Counts the watches over this endpoint; in the name of their executions. */
  watch: z.number().default(0),
  /** Events are held from this time on; absent when none are. */
  heldFrom: z.number().optional(),
  /** When somebody last said that he is holding events. */
  heldTouchedAt: z.number().default(0),
  windowStartedAt: z.number().default(0),
  attempts: z.number().default(0),
  failures: z.number().default(0),
  /** Ladders under way, nearly: a crash may leave one too many. Counted anew after an outage, while older ones go on. */
  ladders: z.number().default(0),
  lastLadderAt: z.number().default(0),
  /** Since when there was no 2xx, how many events failed since, and on which days. */
  failingSince: z.number().optional(),
  failedEvents: z.number().default(0),
  failedDays: z.set(z.string()).default(() => new Set<string>()),
  openedAt: z.number().optional(),
  probes: z.number().default(0),
  nextProbeAt: z.number().default(0),
  closedAt: z.number().optional(),
  disabledAt: z.number().optional(),
  reason: z.string().optional(),
  /** What is sent besides fresh events, by release or recovery; and how often that was written. */
  backlog: z.record(z.string(), BacklogJob).default({}),
  backlogWrites: z.number().default(0),
});
export type Endpoint = z.output<typeof Endpoint>;

export type EndpointRef = Pick<Endpoint, 'connectionId' | 'brandId'>;
type EndpointAsRead = EndpointRef & Pick<Endpoint, 'closedAt'>;
type Values = Record<string, unknown>;

/** Another URL enables the endpoint: what the one before it has shown must not end the calls to the new one. */
const notEnabledSince = ({ closedAt }: EndpointAsRead): { condition: string; values: Values } =>
  closedAt === undefined
    ? { condition: 'attribute_not_exists(closedAt)', values: {} }
    : { condition: 'closedAt = :seenClosedAt', values: { ':seenClosedAt': closedAt } };

/** What a container saw of an endpoint since it last told. */
export type Tally = { attempts: number; failures: number; failedEvents: number };

/** Endpoint health. Key: connectionId. Nothing is written while an endpoint works. */
export function endpointStore(client: DynamoDBDocumentClient, tableName: string) {
  const toUpdate = (ref: EndpointRef, expression: string, condition: string, values: Values) => ({
    TableName: tableName,
    Key: { connectionId: ref.connectionId },
    UpdateExpression: expression.startsWith('SET ')
      ? expression.replace('SET ', 'SET brandId = :brand, ')
      : `SET brandId = :brand ${expression}`,
    ...(condition === '' ? {} : { ConditionExpression: condition }),
    ...(/#state/.test(`${expression} ${condition}`) ? { ExpressionAttributeNames: { '#state': 'state' } } : {}),
    ExpressionAttributeValues: { ':brand': ref.brandId, ...values },
  });

  /** @returns the item after the change; null when the condition did not hold */
  const update = async (ref: EndpointRef, expression: string, condition: string, values: Values) => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({ ...toUpdate(ref, expression, condition, values), ReturnValues: 'ALL_NEW' }),
      );
      return Endpoint.parse(Attributes);
    } catch (error) {
      if (failedCondition(error)) return null;
      throw error;
    }
  };
  const CLEAR_WINDOW = 'windowStartedAt, attempts, failures, ladders';
  const CLEAR_FAILING = 'failingSince, failedEvents, failedDays';
  const ENABLE = `SET #state = :closed, closedAt = :now, heldFrom = :held, heldTouchedAt = :now REMOVE reason, openedAt, disabledAt, ${CLEAR_WINDOW}, ${CLEAR_FAILING} ADD watch :one`;

  const change = async (ref: EndpointRef, expression: string, values: Values): Promise<Endpoint> => {
    const after = await update(ref, expression, '', values);
    if (!after) throw new Error('An update without a condition did not hold');
    return after;
  };

  const get = async (ref: EndpointRef): Promise<Endpoint> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: { connectionId: ref.connectionId }, ConsistentRead: true }),
    );
    // Of the ref no more than its key: an event is one too, and its attempts are not the endpoint's.
    return Endpoint.parse(Item ?? { connectionId: ref.connectionId, brandId: ref.brandId });
  };

  return {
    /** @returns an endpoint in good health when nothing is known of it */
    get,

    /** Adds what one container saw, and answers with what all have seen in this window. */
    async addFailures(ref: EndpointRef, { attempts, failures, failedEvents }: Tally, now: number) {
      const values = {
        ':attempts': attempts,
        ':failures': failures,
        ':events': failedEvents,
        ':now': now,
        // A day counts on which events failed; retries and probes of older ones make none.
        ...(failedEvents > 0 ? { ':day': new Set([toIso(now).slice(0, 10)]) } : {}),
        ':old': now - WINDOW_MS,
      };
      const add = failedEvents > 0 ? 'ADD failedEvents :events, failedDays :day' : 'ADD failedEvents :events';
      const since = 'failingSince = if_not_exists(failingSince, :now)';
      const inWindow = await update(
        ref,
        `SET ${since} ${add}, attempts :attempts, failures :failures`,
        'windowStartedAt > :old',
        values,
      );
      if (inWindow) return inWindow;
      const fresh = 'windowStartedAt = :now, attempts = :attempts, failures = :failures';
      const anew = await update(
        ref,
        `SET ${since}, ${fresh} ${add}`,
        'attribute_not_exists(windowStartedAt) OR windowStartedAt <= :old',
        values,
      );
      // Another container began the window between the two: what this one saw is a sample among many.
      return anew ?? get(ref);
    },

    addLadder: (ref: EndpointRef, now: number): Promise<Endpoint> =>
      change(ref, 'SET lastLadderAt = :now ADD ladders :one', { ':now': now, ':one': 1 }),
    /** Those of before an outage end after the count began anew: it never falls below none. */
    async removeLadder(ref: EndpointRef): Promise<Endpoint> {
      const after = await update(ref, 'ADD ladders :minus', 'ladders > :none', { ':minus': -1, ':none': 0 });
      return after ?? get(ref);
    },

    /** There was a 2xx. */
    clearFailing: (ref: EndpointRef): Promise<Endpoint> => change(ref, `REMOVE ${CLEAR_FAILING}`, {}),

    setLane: (ref: EndpointRef, lane: Endpoint['lane'], p95Ms: number): Promise<Endpoint> =>
      change(ref, 'SET lane = :lane, p95Ms = :p95', { ':lane': lane, ':p95': Math.round(p95Ms) }),

    /** Opens the breaker. @returns null when the endpoint is not closed */
    open: (ref: EndpointRef, now: number): Promise<Endpoint | null> =>
      update(
        ref,
        'SET #state = :open, openedAt = :now, probes = :none, nextProbeAt = :probe, heldFrom = if_not_exists(heldFrom, :held), heldTouchedAt = :now',
        'attribute_not_exists(#state) OR #state = :closed',
        {
          ':open': 'open',
          ':closed': 'closed',
          ':now': now,
          ':none': 0,
          ':probe': now + PROBE_DELAYS_SECONDS[0] * 1000,
          ':held': now - HELD_MARGIN_MS,
        },
      ),

    /** The address is not allowed. @returns null when it is known, or the endpoint is disabled, or enabled since it was read */
    block: (endpoint: EndpointAsRead, reason: string, now: number): Promise<Endpoint | null> =>
      update(
        endpoint,
        'SET #state = :blocked, reason = :reason, openedAt = :now, probes = :none, nextProbeAt = :probe, heldFrom = if_not_exists(heldFrom, :held), heldTouchedAt = :now',
        `(attribute_not_exists(#state) OR #state IN (:closed, :open)) AND ${notEnabledSince(endpoint).condition}`,
        {
          ...notEnabledSince(endpoint).values,
          ':blocked': 'blocked',
          ':closed': 'closed',
          ':open': 'open',
          ':reason': reason,
          ':now': now,
          ':none': 0,
          ':probe': now + PROBE_DELAYS_SECONDS[0] * 1000,
          ':held': now - HELD_MARGIN_MS,
        },
      ),

    /** It answered: the breaker closes, and a new watch releases what is held. @returns null when it is not open */
    close: (ref: EndpointRef, now: number): Promise<Endpoint | null> =>
      update(
        ref,
        `SET #state = :closed, closedAt = :now REMOVE reason, openedAt, ${CLEAR_WINDOW}, ${CLEAR_FAILING} ADD watch :one`,
        '#state IN (:open, :blocked)',
        { ':closed': 'closed', ':open': 'open', ':blocked': 'blocked', ':now': now, ':one': 1 },
      ),

    /** @returns null when it is disabled already, or enabled since it was read */
    disable: (endpoint: EndpointAsRead, reason: DisabledReason, now: number): Promise<Endpoint | null> =>
      update(
        endpoint,
        'SET #state = :disabled, reason = :reason, disabledAt = :now, heldFrom = if_not_exists(heldFrom, :held), heldTouchedAt = :now ADD watch :one',
        `(attribute_not_exists(#state) OR #state <> :disabled) AND ${notEnabledSince(endpoint).condition}`,
        {
          ...notEnabledSince(endpoint).values,
          ':disabled': 'disabled',
          ':reason': reason,
          ':now': now,
          ':held': now - HELD_MARGIN_MS,
          ':one': 1,
        },
      ),

    /**
     * Somebody says that it works again, or has given it another address.
     * @param heldFrom what was held from then on is released; the time of now leaves the rest to a recovery
     */
    enable: (ref: EndpointRef, now: number, heldFrom: number): Promise<Endpoint> =>
      change(ref, ENABLE, { ':closed': 'closed', ':now': now, ':held': heldFrom, ':one': 1 }),
    /** `enable` as a part of a transaction. */
    enabling: (ref: EndpointRef, now: number, heldFrom: number): Write => ({
      Update: toUpdate(ref, ENABLE, '', { ':closed': 'closed', ':now': now, ':held': heldFrom, ':one': 1 }),
    }),

    /** Says that events from this time on are being held, before the first of them is written. */
    async touchHeld(ref: EndpointRef, from: number, now: number): Promise<Endpoint> {
      const values = { ':from': from - HELD_MARGIN_MS, ':now': now };
      const earlier = await update(
        ref,
        'SET heldFrom = :from, heldTouchedAt = :now',
        'attribute_not_exists(heldFrom) OR heldFrom > :limit',
        { ...values, ':limit': from },
      );
      return earlier ?? change(ref, 'SET heldTouchedAt = :now', { ':now': now });
    },

    /** @returns null when the watch is over, or the endpoint is not open any more */
    noteProbe: (endpoint: Endpoint, nextProbeAt: number): Promise<Endpoint | null> =>
      update(endpoint, 'SET nextProbeAt = :next ADD probes :one', 'watch = :watch AND #state IN (:open, :blocked)', {
        ':next': nextProbeAt,
        ':one': 1,
        ':watch': endpoint.watch,
        ':open': 'open',
        ':blocked': 'blocked',
      }),

    /** @returns null when another job has written since the endpoint was read */
    setBacklog: (endpoint: Endpoint, backlog: Endpoint['backlog']): Promise<Endpoint | null> =>
      update(
        endpoint,
        'SET backlog = :jobs ADD backlogWrites :one',
        endpoint.backlogWrites === 0 ? 'attribute_not_exists(backlogWrites)' : 'backlogWrites = :seen',
        { ':jobs': backlog, ':one': 1, ...(endpoint.backlogWrites === 0 ? {} : { ':seen': endpoint.backlogWrites }) },
      ),

    /** Nothing is held any more. @returns null when somebody has held something meanwhile, or the breaker opened */
    endWatch: (endpoint: Endpoint): Promise<Endpoint | null> =>
      update(
        endpoint,
        'REMOVE heldFrom ADD watch :one',
        '(attribute_not_exists(watch) OR watch = :watch) AND heldTouchedAt = :touched AND (attribute_not_exists(#state) OR #state = :closed)',
        { ':one': 1, ':watch': endpoint.watch, ':touched': endpoint.heldTouchedAt, ':closed': 'closed' },
      ),
  };
}
export type EndpointStore = ReturnType<typeof endpointStore>;
