import { createHash } from 'node:crypto';
import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { toSeconds } from '../clock.ts';
import { conditionHolds, failedCondition } from './conditional.ts';

const DAY_SECONDS = 24 * 60 * 60;
/** A completed answer is replayed this long: contract §5. */
const COMPLETED_TTL_SECONDS = DAY_SECONDS;
/** Without an outcome an item is kept longer than Meta retries its webhooks (7 days), for one of them resolves it. */
const UNRESOLVED_TTL_SECONDS = 8 * DAY_SECONDS;

/**
 * One Idempotency-Key of one brand on one route. States: docs/idempotency.md.
 * `draft` is the message that was about to be sent (never a code), so that one whose writer died is not lost.
 */
export const IdempotencyItem = z.object({
  id: z.string(),
  state: z.enum(['dispatched', 'unknown', 'completed']),
  /** Random, one per request: the fence. */
  ownerId: z.string(),
  /** Until then the owner may still be at work, epoch milliseconds. */
  ownerUntil: z.number(),
  fingerprint: z.string(),
  messageId: z.string(),
  draft: z.record(z.string(), z.unknown()).optional(),
  response: z.object({ statusCode: z.number(), body: z.string() }).optional(),
  createdAt: z.number(),
  /** Epoch seconds, for DynamoDB's TTL, which deletes days late: every reader compares it. */
  expiresAt: z.number(),
});
export type IdempotencyItem = z.output<typeof IdempotencyItem>;

export type StoredResponse = NonNullable<IdempotencyItem['response']>;

/** Scope of a key: brand + route + key; a rolled API key keeps its keys. */
export const idempotencyId = (brandId: string, route: string, key: string): string =>
  createHash('sha256').update(`${brandId}\n${route}\n${key}`).digest('base64url');

/** Idempotency items. Key: id. Every write after the first is fenced: it names who or what may make it. */
export function idempotencyStore(client: DynamoDBDocumentClient, tableName: string) {
  /** @param fence the condition, over ownerId, #state, messageId and `fenceValues` */
  const complete = (item: Ref, response: StoredResponse, fence: string, fenceValues: Record<string, string>) =>
    conditionHolds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { id: item.id },
          UpdateExpression: 'SET #state = :completed, #response = :response, expiresAt = :expiresAt REMOVE draft',
          ConditionExpression: `#state <> :completed AND ${fence}`,
          ExpressionAttributeNames: { '#state': 'state', '#response': 'response' },
          ExpressionAttributeValues: {
            ':completed': 'completed',
            ':response': response,
            ':expiresAt': toSeconds(item.createdAt) + COMPLETED_TTL_SECONDS,
            ...fenceValues,
          },
        }),
      ),
    );

  return {
    /**
     * Makes the item, `dispatched` and owned; the one write that decides who may call Meta.
     * @returns null when it is ours, else the item that was there first
     */
    async begin(
      item: Omit<Required<IdempotencyItem>, 'state' | 'expiresAt' | 'response'>,
    ): Promise<IdempotencyItem | null> {
      const nowSeconds = toSeconds(item.createdAt);
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: { ...item, state: 'dispatched', expiresAt: nowSeconds + UNRESOLVED_TTL_SECONDS },
            ConditionExpression: 'attribute_not_exists(id) OR expiresAt <= :now',
            ExpressionAttributeValues: { ':now': nowSeconds },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return null;
      } catch (error) {
        const refused = failedCondition(error);
        if (!refused) throw error;
        return IdempotencyItem.parse(refused.item);
      }
    },

    /** The item if it still counts. Asked only when a request is about to be refused: its key may have an answer already. */
    async find(id: string, nowMs: number): Promise<IdempotencyItem | null> {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { id }, ConsistentRead: true }));
      const item = Item ? IdempotencyItem.parse(Item) : null;
      return item && item.expiresAt > toSeconds(nowMs) ? item : null;
    },

    /**
     * Keeps the owner's answer as the first one, for 24 h from the first request.
     * @returns false when a later owner has the item, or a webhook resolved it meanwhile: it stays as it is
     */
    complete: (item: Ref & { ownerId: string }, response: StoredResponse): Promise<boolean> =>
      complete(item, response, 'ownerId = :ownerId', { ':ownerId': item.ownerId }),

    /** A status webhook told what really happened to the message of an item without an outcome. */
    resolve: (item: Ref & { messageId: string }, response: StoredResponse): Promise<boolean> =>
      complete(item, response, 'messageId = :messageId', { ':messageId': item.messageId }),

    /** No trustworthy answer came; only Meta's webhook can tell now. */
    markUnknown: (item: { id: string; ownerId: string }): Promise<boolean> =>
      conditionHolds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { id: item.id },
            UpdateExpression: 'SET #state = :unknown',
            ConditionExpression: OWNED_AND_DISPATCHED,
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':unknown': 'unknown', ':ownerId': item.ownerId, ':dispatched': 'dispatched' },
          }),
        ),
      ),

    /** Nothing was sent: the key is free again. */
    release: (item: { id: string; ownerId: string }): Promise<boolean> =>
      conditionHolds(
        client.send(
          new DeleteCommand({
            TableName: tableName,
            Key: { id: item.id },
            ConditionExpression: OWNED_AND_DISPATCHED,
            ExpressionAttributeNames: { '#state': 'state' },
            ExpressionAttributeValues: { ':ownerId': item.ownerId, ':dispatched': 'dispatched' },
          }),
        ),
      ),
  };
}
export type IdempotencyStore = ReturnType<typeof idempotencyStore>;

type Ref = { id: string; createdAt: number };
const OWNED_AND_DISPATCHED = 'ownerId = :ownerId AND #state = :dispatched';
