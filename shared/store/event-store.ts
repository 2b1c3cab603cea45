import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { toSeconds } from '../clock.ts';
import { TenantEvent } from '../events/envelope.ts';
import { brandShard } from '../ids.ts';
import { parseJson } from '../json.ts';
import { conditionHolds } from './conditional.ts';

/** Events and their attempts live this long: contract §7. */
const EVENT_TTL_SECONDS = 30 * 24 * 60 * 60;

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
 * dead-letter queue · held: there is no endpoint to send to. Before its first attempt an event has no item: it is in
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
  createdAt: z.number(),
  expiresAt: z.number(),
});
export type StoredEvent = z.output<typeof StoredEvent>;

type Ref = { brandId: string; eventId: string };

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

  return {
    async get(event: Ref): Promise<StoredEvent | null> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: keyOf(event), ConsistentRead: true }),
      );
      return Item ? StoredEvent.parse(Item) : null;
    },

    /** Writes an event down with its first attempt. @returns false when another copy of it was faster */
    insert: (event: Omit<StoredEvent, 'brandShard' | 'expiresAt'>): Promise<boolean> =>
      conditionHolds(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: {
              ...event,
              ...keyOf(event),
              event: JSON.stringify(event.event),
              expiresAt: toSeconds(event.createdAt) + EVENT_TTL_SECONDS,
            },
            ConditionExpression: 'attribute_not_exists(eventId)',
          }),
        ),
      ),

    /** Adds an attempt. @returns false when the event has moved on: another run, another attempt, or delivered meanwhile */
    recordAttempt: (before: StoredEvent, attempt: DeliveryAttempt, status: EventStatus): Promise<boolean> =>
      update(
        before,
        'SET #status = :status, attempts = list_append(attempts, :attempt)',
        '#run = :run AND #status = :before AND size(attempts) = :count',
        {
          ':status': status,
          ':attempt': [attempt],
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

    /** Begins the run after `run`. @returns false when it has begun, or the event was delivered meanwhile */
    startNextRun: (event: Ref, run: number): Promise<boolean> =>
      update(
        event,
        'SET #run = :next, #status = :pending REMOVE parkedAs, parkedAt',
        '#run = :run AND #status = :failed',
        { ':next': run + 1, ':pending': 'pending', ':run': run, ':failed': 'failed' },
      ),
  };
}
/** `status` and `run` are reserved words, and DynamoDB refuses a name that is not used. */
const namesIn = (expressions: string): Record<string, string> =>
  Object.fromEntries(
    ['status', 'run'].filter((name) => expressions.includes(`#${name}`)).map((name) => [`#${name}`, name]),
  );

export type EventStore = ReturnType<typeof eventStore>;
