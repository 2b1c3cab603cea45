import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { toSeconds } from '../clock.ts';
import { TenantEvent } from '../events/envelope.ts';
import { brandShard, brandShards } from '../ids.ts';
import { parseJson } from '../json.ts';
import { conditionHolds } from './conditional.ts';
import type { Write } from './transaction.ts';

/** Events and their attempts live this long: contract §7. */
const EVENT_TTL_SECONDS = 30 * 24 * 60 * 60;

/**
 * Of so many attempts the answers are kept, 4 KiB each: beside an event of the most that SQS carries, more would not fit an
 * item (400 KB) that is replayed again and again.
 */
const MAX_KEPT_ANSWERS = 30;

/** One POST to the tenant's endpoint. */
export const DeliveryAttempt = z.object({
  run: z.number(),
  /** Counted from 1 in each run. */
  number: z.number(),
  at: z.number(),
  durationMs: z.number(),
  statusCode: z.number().nullable(),
  errorClass: z.string().nullable(),
  response: z.string(),
  nextAttemptAt: z.number().nullable(),
});
export type DeliveryAttempt = z.output<typeof DeliveryAttempt>;

/**
 * pending: a further run waits for its first attempt · retrying: on the ladder · delivered · failed: exhausted, in the
 * dead-letter queue · held: its endpoint is not called at the moment. Before its first attempt an event has no item: it is in
 * the queue.
 */
export const EVENT_STATUSES = ['pending', 'retrying', 'delivered', 'failed', 'held'] as const;
export type EventStatus = (typeof EVENT_STATUSES)[number];

export const StoredEvent = z.object({
  brandShard: z.string(),
  eventId: z.string(),
  brandId: z.string(),
  connectionId: z.string(),
  type: z.string(),
  status: z.enum(EVENT_STATUSES),
  /** Counted from 1; each replay or redrive is a further run, with its own ladder. */
  run: z.number(),
  attempts: z.array(DeliveryAttempt),
  /** Kept as text: a map of DynamoDB's forgets the order of its keys, and every attempt sends the same bytes. */
  event: z.string().transform(parseJson).pipe(TenantEvent),
  /** The SQS message that stands in the dead-letter queue for this run. */
  parkedAs: z.string().optional(),
  parkedAt: z.number().optional(),
  /** The last recovery that began a run of it. */
  startedBy: z.string().optional(),
  createdAt: z.number(),
  expiresAt: z.number(),
});
export type StoredEvent = z.output<typeof StoredEvent>;

/** An event as it is first written down. */
export type NewEvent = Omit<StoredEvent, 'brandShard' | 'expiresAt'>;

type Ref = { brandId: string; eventId: string };

/** Items read of each shard for a part. */
const PART_SIZE = 100;

/** Events of one brand, from their first attempt on. Key: brand#shard, eventId. Every change names the state it starts from. */
export function eventStore(client: DynamoDBDocumentClient, tableName: string) {
  const keyOf = ({ brandId, eventId }: Ref) => ({ brandShard: brandShard(brandId, eventId), eventId });

  const update = (event: Ref, expression: string, condition: string, values: Record<string, unknown>) =>
    conditionHolds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(event),
          UpdateExpression: expression,
          ConditionExpression: condition,
          ExpressionAttributeNames: namesIn(`${expression} ${condition}`),
          ExpressionAttributeValues: values,
        }),
      ),
    );

  const toPut = (event: NewEvent) => ({
    TableName: tableName,
    Item: {
      ...event,
      ...keyOf(event),
      event: JSON.stringify(event.event),
      expiresAt: toSeconds(event.createdAt) + EVENT_TTL_SECONDS,
    },
    ConditionExpression: 'attribute_not_exists(eventId)',
  });

  return {
    async get(event: Ref): Promise<StoredEvent | null> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: keyOf(event), ConsistentRead: true }),
      );
      return Item ? StoredEvent.parse(Item) : null;
    },

    /** Writes an event down with its first attempt. @returns false when another copy of it was faster */
    insert: (event: NewEvent): Promise<boolean> => conditionHolds(client.send(new PutCommand(toPut(event)))),
    /** `insert` as a part of a transaction. */
    inserting: (event: NewEvent): Write => ({ Put: toPut(event) }),

    /** Adds an attempt. @returns false when the event has moved on: another run, another attempt, or delivered meanwhile */
    recordAttempt: (before: StoredEvent, attempt: DeliveryAttempt, status: EventStatus): Promise<boolean> =>
      update(
        before,
        'SET #status = :status, attempts = list_append(attempts, :attempt)',
        '#run = :run AND #status = :before AND size(attempts) = :count',
        {
          ':status': status,
          ':attempt': [before.attempts.length < MAX_KEPT_ANSWERS ? attempt : { ...attempt, response: '' }],
          ':run': before.run,
          ':before': before.status,
          ':count': before.attempts.length,
        },
      ),

    /** A second copy of the event got through where the first did not: it counts. */
    markDelivered: (event: Ref): Promise<boolean> =>
      update(event, 'SET #status = :delivered', 'attribute_exists(eventId) AND #status <> :delivered', {
        ':delivered': 'delivered',
      }),

    /** Notes which SQS message stands for the failed run. @returns false when one is noted already, or the run is over */
    park: (event: Ref, run: number, sqsMessageId: string, at: number): Promise<boolean> =>
      update(
        event,
        'SET parkedAs = :id, parkedAt = :at',
        '#run = :run AND #status = :failed AND attribute_not_exists(parkedAs)',
        { ':id': sqsMessageId, ':at': at, ':run': run, ':failed': 'failed' },
      ),

    /**
     * Begins the run after the one that ended.
     * @param before what it ended as
     * @returns false when the next run has begun, or the event has changed otherwise
     */
    startNextRun: (
      event: Ref,
      run: number,
      before: 'failed' | 'delivered' | 'held',
      startedBy?: string,
    ): Promise<boolean> =>
      update(
        event,
        `SET #run = :next, #status = :pending${startedBy ? ', startedBy = :by' : ''} REMOVE parkedAs, parkedAt`,
        '#run = :run AND #status = :before',
        {
          ':next': run + 1,
          ':pending': 'pending',
          ':run': run,
          ':before': before,
          ...(startedBy ? { ':by': startedBy } : {}),
        },
      ),

    /** A run that waits for its first attempt does not get it for now. */
    hold: ({ brandId, eventId, run }: StoredEvent): Promise<boolean> =>
      update({ brandId, eventId }, 'SET #status = :held', '#run = :run AND #status = :pending', {
        ':held': 'held',
        ':run': run,
        ':pending': 'pending',
      }),

    /** A run that was on its ladder does not go on; held as the next one, whose ladder is unused. */
    holdAsNextRun: ({ brandId, eventId, run, attempts }: StoredEvent): Promise<boolean> =>
      update(
        { brandId, eventId },
        'SET #status = :held, #run = :next',
        '#run = :run AND #status = :retrying AND size(attempts) = :count',
        { ':held': 'held', ':next': run + 1, ':run': run, ':retrying': 'retrying', ':count': attempts.length },
      ),

    /**
     * A part of a brand's events, oldest first.
     * @param range ids, both included
     * @returns what was found up to `upTo`, from where the next part goes on; `upTo` is null when all has been looked at
     */
    async part(
      brandId: string,
      range: { from: string; to: string },
      isWanted: (event: StoredEvent) => boolean,
    ): Promise<{ events: StoredEvent[]; upTo: string | null }> {
      // DynamoDB refuses such a range; nothing is in it.
      if (range.from > range.to) return { events: [], upTo: null };
      const shards = await Promise.all(
        brandShards(brandId).map((shard) =>
          client.send(
            new QueryCommand({
              TableName: tableName,
              KeyConditionExpression: 'brandShard = :shard AND eventId BETWEEN :from AND :to',
              ExpressionAttributeValues: { ':shard': shard, ':from': range.from, ':to': range.to },
              Limit: PART_SIZE,
              ConsistentRead: true,
            }),
          ),
        ),
      );
      // Every shard has been read at least up to here; what one gave beyond comes again with the next part.
      const ends = shards.flatMap(({ LastEvaluatedKey }) =>
        LastEvaluatedKey ? [String(LastEvaluatedKey.eventId)] : [],
      );
      const upTo = ends.sort()[0] ?? null;
      const events = shards
        .flatMap(({ Items = [] }) => Items)
        .filter(({ eventId }) => upTo === null || String(eventId) <= upTo)
        .map((item) => StoredEvent.parse(item))
        .filter(isWanted)
        .sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
      return { events, upTo };
    },
  };
}
/** `status` and `run` are reserved words, and DynamoDB refuses a name that is not used. */
const namesIn = (expressions: string): Record<string, string> =>
  Object.fromEntries(
    ['status', 'run'].filter((name) => expressions.includes(`#${name}`)).map((name) => [`#${name}`, name]),
  );

export type EventStore = ReturnType<typeof eventStore>;
