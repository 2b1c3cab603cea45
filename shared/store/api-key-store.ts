import { type DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SCOPES } from '../scopes.ts';
import { conditionHolds } from './conditional.ts';

/** One API key. The secret itself is nowhere: `secretHash` is its HMAC with the pepper of `pepperVersion`. */
export const ApiKey = z.object({
  keyId: z.string(),
  /** Absent for a key that is bound to none; WhatsApp's scopes need one. */
  brandId: z.string().optional(),
  name: z.string(),
  mode: z.enum(['live', 'test']),
  scopes: z.array(z.enum(SCOPES)),
  secretHash: z.string(),
  pepperVersion: z.string(),
  /** Absent: the stage's. */
  requestsPerMinute: z.number().int().positive().optional(),
  /** Countries its one-time passwords may go to, ISO 3166-1 alpha-2; absent: all. */
  otpCountries: z.array(z.string().regex(/^[A-Z]{2}$/)).optional(),
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
    insert: (key: ApiKey): Promise<boolean> =>
      conditionHolds(
        client.send(
          new PutCommand({ TableName: tableName, Item: key, ConditionExpression: 'attribute_not_exists(keyId)' }),
        ),
      ),

    /** Moves the last use forward, never back. @returns false when another was later: as good as a win */
    touch: (keyId: string, usedAt: number): Promise<boolean> =>
      conditionHolds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { keyId },
            UpdateExpression: 'SET lastUsedAt = :usedAt',
            ConditionExpression: 'attribute_exists(keyId) AND (lastUsedAt = :never OR lastUsedAt < :usedAt)',
            ExpressionAttributeValues: { ':usedAt': usedAt, ':never': null },
          }),
        ),
      ),
  };
}
export type ApiKeyStore = ReturnType<typeof apiKeyStore>;
