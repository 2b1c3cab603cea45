import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SCOPES } from '../scopes.ts';
import { failedCondition } from './conditional.ts';

/** One API key. The secret itself is nowhere: `secretHash` is its HMAC with the pepper of `pepperVersion`. */
export const ApiKey = z.object({
  keyId: z.string(),
  brandId: z.string(),
  name: z.string(),
  mode: z.enum(['live', 'test']),
  scopes: z.array(z.enum(SCOPES)),
  secretHash: z.string(),
  pepperVersion: z.string(),
  /** Epoch milliseconds, like every time below. */
  createdAt: z.number(),
  expiresAt: z.number().nullable(),
  revokedAt: z.number().nullable(),
  lastUsedAt: z.number().nullable(),
});
export type ApiKey = z.output<typeof ApiKey>;

/** API keys. Key: keyId. */
export function apiKeyStore(client: DynamoDBDocumentClient, tableName: string) {
  return {
    /** Read consistently: a revocation has to be seen by the next reader. */
    async get(keyId: string): Promise<ApiKey | null> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { keyId }, ConsistentRead: true }),
      );
      return Item ? ApiKey.parse(Item) : null;
    },

    /** @returns false when the id is taken */
    async insert(key: ApiKey): Promise<boolean> {
      try {
        await client.send(
          new PutCommand({ TableName: tableName, Item: key, ConditionExpression: 'attribute_not_exists(keyId)' }),
        );
        return true;
      } catch (error) {
        if (failedCondition(error)) return false;
        throw error;
      }
    },

    /** Moves the last use forward, never back; a lost race is as good as a win. */
    async touch(keyId: string, usedAt: number): Promise<void> {
      try {
        await client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { keyId },
            UpdateExpression: 'SET lastUsedAt = :usedAt',
            ConditionExpression: 'attribute_exists(keyId) AND (lastUsedAt = :never OR lastUsedAt < :usedAt)',
            ExpressionAttributeValues: { ':usedAt': usedAt, ':never': null },
          }),
        );
      } catch (error) {
        if (!failedCondition(error)) throw error;
      }
    },
  };
}
export type ApiKeyStore = ReturnType<typeof apiKeyStore>;
