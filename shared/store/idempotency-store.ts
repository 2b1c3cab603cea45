import { createHash } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { toSeconds } from '../clock.ts';
import { conditionHolds, failedCondition } from './conditional.ts';
import type { Write } from './transaction.ts';

const DAY_SECONDS = 24 * 60 * 60;
/** A key stands for its first request this long: contract §5. */
const TTL_SECONDS = DAY_SECONDS;
/** A key whose send has no outcome is kept longer than Meta repeats its webhooks (7 days), for one of them tells. */
const UNRESOLVED_TTL_SECONDS = 8 * DAY_SECONDS;
/** So long after its last owner's time a free key is a new one: none of its owners can wake. */
const FREE_FOR_GOOD_MS = 60 * 60 * 1000;

/**
 * One Idempotency-Key of one brand on one route: which message, of the one and only id, its request is sent as.
 * Whether that was sent is not here but in the message. States: docs/idempotency.md.
 */
export const IdempotencyItem = z.object({
  id: z.string(),
  /** reserved: for the message `messageId` · released: nothing was sent, the key is free · completed: see `response` */
  state: z.enum(['reserved', 'released', 'completed']),
  /** Random, one per request: the fence of every later write. */
  ownerId: z.string(),
  /** Until then the owner may still be at work, epoch milliseconds. */
  ownerUntil: z.number(),
  fingerprint: z.string(),
  messageId: z.string(),
  /** The first answer of a request that sends no message; a send's answer is made of its message. */
  response: z.object({ statusCode: z.number(), body: z.string() }).optional(),
  createdAt: z.number(),
  /** Epoch seconds, for DynamoDB's TTL, which deletes days late: every reader compares it. */
  expiresAt: z.number(),
});
export type IdempotencyItem = z.output<typeof IdempotencyItem>;
export type Reservation = Omit<IdempotencyItem, 'state' | 'expiresAt' | 'response'>;

export type StoredResponse = NonNullable<IdempotencyItem['response']>;

/** Scope of a key: brand + route + key; a rolled API key keeps its keys. */
export const idempotencyId = (brandId: string, route: string, key: string): string =>
  createHash('sha256').update(`${brandId}\n${route}\n${key}`).digest('base64url');

/** Idempotency items. Key: id. Every write after the first is fenced by its owner's id. */
export function idempotencyStore(client: DynamoDBDocumentClient, tableName: string) {
  const update = (id: string, expression: string, condition: string, values: Record<string, unknown>) =>
    client.send(
      new UpdateCommand({
        TableName: tableName,
        Key: { id },
        UpdateExpression: expression,
        ConditionExpression: condition,
        ExpressionAttributeNames: namesIn(expression),
        ExpressionAttributeValues: values,
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );

  return {
    /**
     * Makes the item; who makes it decides under which message id the request is sent.
     * @returns null when it is ours, else the item that was there first
     */
    async reserve(item: Reservation): Promise<IdempotencyItem | null> {
      const nowSeconds = toSeconds(item.createdAt);
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...item, state: 'reserved', expiresAt: nowSeconds + TTL_SECONDS },
            ConditionExpression: 'attribute_not_exists(id) OR expiresAt <= :now',
            ExpressionAttributeValues: { ':now': nowSeconds },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return null;
      } catch (error) {
        const refused = failedCondition(error);
        if (!refused) throw error;
        const first = IdempotencyItem.parse(refused.item);
        // The SDK repeats a write whose answer it lost: then it is our own that is there.
        return first.ownerId === item.ownerId ? null : first;
      }
    },

    /** The item if it still counts. Asked only when a request is about to be refused: its key may have an answer already. */
    async find(id: string, nowMs: number): Promise<IdempotencyItem | null> {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { id }, ConsistentRead: true }));
      const item = Item ? IdempotencyItem.parse(Item) : null;
      return item && item.expiresAt > toSeconds(nowMs) ? item : null;
    },

    /**
     * Makes the item of a dead owner, or of one that sent nothing, ours. Its message id stays, for the old owner may wake;
     * of a key that is free for good it is ours, and its day begins anew.
     * @returns the message id to send as; null when somebody was faster
     */
    async takeOver(before: IdempotencyItem, mine: Reservation): Promise<string | null> {
      const isNew = before.state === 'released' && before.ownerUntil <= mine.createdAt - FREE_FOR_GOOD_MS;
      const { messageId } = isNew ? mine : before;
      const anew = ', messageId = :messageId, createdAt = :createdAt, expiresAt = :expiresAt';
      try {
        await update(
          before.id,
          `SET #state = :reserved, ownerId = :mine, ownerUntil = :until, fingerprint = :fingerprint${isNew ? anew : ''}`,
          'ownerId = :theirs AND #state = :before',
          {
            ':reserved': 'reserved',
            ':before': before.state,
            ':mine': mine.ownerId,
            ':theirs': before.ownerId,
            ':until': mine.ownerUntil,
            ':fingerprint': mine.fingerprint,
            ...(isNew
              ? {
                  ':messageId': messageId,
                  ':createdAt': mine.createdAt,
                  ':expiresAt': toSeconds(mine.createdAt) + TTL_SECONDS,
                }
              : {}),
          },
        );
        return messageId;
      } catch (error) {
        const refused = failedCondition(error);
        if (!refused) throw error;
        // The SDK repeats a write whose answer it lost: then it is our own that is there.
        return refused.item?.ownerId === mine.ownerId ? messageId : null;
      }
    },

    /** Nothing was sent: the key is free again. @returns false when it is no longer ours */
    release: ({ id, ownerId }: Owned): Promise<boolean> =>
      conditionHolds(
        update(id, 'SET #state = :released', OWNED_AND_RESERVED, {
          ':released': 'released',
          ':ownerId': ownerId,
          ':reserved': 'reserved',
        }),
      ),

    /** The send under this key has no outcome: the key is kept until Meta can tell none any more. */
    keepUnresolved: ({ id, messageId, createdAt }: Pick<IdempotencyItem, 'id' | 'messageId' | 'createdAt'>) =>
      conditionHolds(
        update(id, 'SET expiresAt = :until', 'messageId = :messageId', {
          ':until': toSeconds(createdAt) + UNRESOLVED_TTL_SECONDS,
          ':messageId': messageId,
        }),
      ),

    /** Of a request that is done in one transaction: key and first answer at once. Does not hold when the key is in use. */
    completing: (
      item: Pick<IdempotencyItem, 'id' | 'fingerprint' | 'createdAt'>,
      { statusCode, body }: StoredResponse,
    ): Write => {
      const nowSeconds = toSeconds(item.createdAt);
      const done = { state: 'completed', ownerId: '', ownerUntil: item.createdAt, messageId: '' } as const;
      return {
        Put: {
          TableName: tableName,
          Item: { ...item, ...done, response: { statusCode, body }, expiresAt: nowSeconds + TTL_SECONDS },
          ConditionExpression: 'attribute_not_exists(id) OR expiresAt <= :now',
          ExpressionAttributeValues: { ':now': nowSeconds },
        },
      };
    },

    /** Keeps the first answer of a request that sends no message. @returns false when the item is no longer ours */
    complete: ({ id, ownerId }: Owned, response: StoredResponse): Promise<boolean> =>
      conditionHolds(
        update(id, 'SET #state = :completed, #response = :response', OWNED_AND_RESERVED, {
          ':completed': 'completed',
          ':response': response,
          ':ownerId': ownerId,
          ':reserved': 'reserved',
        }),
      ),
  };
}

/** `state` and `response` are reserved words; DynamoDB refuses a name that is not used, and an empty list of names. */
function namesIn(expression: string): Record<string, string> | undefined {
  const used = ['state', 'response'].filter((name) => expression.includes(`#${name}`));
  return used.length === 0 ? undefined : Object.fromEntries(used.map((name) => [`#${name}`, name]));
}

export type IdempotencyStore = ReturnType<typeof idempotencyStore>;

type Owned = { id: string; ownerId: string };
const OWNED_AND_RESERVED = 'ownerId = :ownerId AND #state = :reserved';
