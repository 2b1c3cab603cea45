import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { SCOPES } from '../scopes.ts';
import { conditionHolds } from './conditional.ts';
import type { Write } from './transaction.ts';

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
  /** Since when its organisation is suspended; absent when it is not. */
  suspendedAt: z.number().optional(),
  /** Why it was revoked, and what came in its place. */
  revokedBecause: z.enum(['by_hand', 'rolled', 'leaked']).optional(),
  rolledTo: z.string().optional(),
});
export type ApiKey = z.output<typeof ApiKey>;

/** API keys. Key: keyId. */
export function apiKeyStore(client: DynamoDBDocumentClient, tableName: string) {
  const inserting = (key: ApiKey) => ({
    Put: { TableName: tableName, Item: key, ConditionExpression: 'attribute_not_exists(keyId)' },
  });
  const revoking = (keyId: string, at: number, because: Revocation, rolledTo?: string) => ({
    Update: {
      TableName: tableName,
      Key: { keyId },
      UpdateExpression: `SET revokedAt = :at, revokedBecause = :because${rolledTo === undefined ? '' : ', rolledTo = :rolledTo'}`,
      // What is rolled must not be over or about to be: it would have two heirs.
      ConditionExpression: rolledTo === undefined ? ENDS_LATER : IS_ALIVE,
      ExpressionAttributeValues: {
        ...{ ':at': at, ':because': because, ':none': null },
        ...(rolledTo === undefined ? {} : { ':rolledTo': rolledTo }),
      },
    },
  });

  return {
    /** Read consistently: a revocation has to be seen by the next reader. */
    async get(keyId: string): Promise<ApiKey | null> {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { keyId }, ConsistentRead: true }),
      );
      return Item ? ApiKey.parse(Item) : null;
    },

    /** Does not hold when the id is taken. */
    inserting: inserting satisfies (key: ApiKey) => Write,
    /** @returns false when the id is taken */
    insert: (key: ApiKey): Promise<boolean> => conditionHolds(client.send(new PutCommand(inserting(key).Put))),

    /** What a person may change of a key. Holds if it is still as it was read, and not over. */
    changing(before: ApiKey, change: Partial<Pick<ApiKey, KeySetting>>): Write {
      const names = (Object.keys(change) as KeySetting[]).filter((name) => name in change);
      const isKept = (name: KeySetting) => change[name] !== undefined;
      const set = names.filter(isKept).map((name) => `#${name} = :new_${name}`);
      const remove = names.filter((name) => !isKept(name)).map((name) => `#${name}`);
      const asItWas = names.map((name) =>
        before[name] === undefined ? `attribute_not_exists(#${name})` : `#${name} = :old_${name}`,
      );
      const values = names.flatMap((name) => [
        ...(isKept(name) ? [[`:new_${name}`, change[name]]] : []),
        ...(before[name] === undefined ? [] : [[`:old_${name}`, before[name]]]),
      ]);
      return {
        Update: {
          TableName: tableName,
          Key: { keyId: before.keyId },
          UpdateExpression: [
            set.length > 0 ? `SET ${set.join(', ')}` : '',
            remove.length > 0 ? `REMOVE ${remove.join(', ')}` : '',
          ].join(' '),
          ConditionExpression: [IS_ALIVE, ...asItWas].join(' AND '),
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: { ...Object.fromEntries(values), ':none': null },
        },
      };
    },

    /** Ends a key at a time, now or soon. Does not hold when it ends as early already: a grace gives no revoked key more time. */
    revoking: revoking satisfies (...ending: Parameters<typeof revoking>) => Write,
    /** @returns false when it ends as early already, or there is no such key */
    revoke: (keyId: string, at: number, because: Revocation): Promise<boolean> =>
      conditionHolds(client.send(new UpdateCommand(revoking(keyId, at, because).Update))),

    /** For keys nobody was given: those of people are revoked, and stay. */
    async remove(keyId: string): Promise<void> {
      await client.send(new DeleteCommand({ TableName: tableName, Key: { keyId } }));
    },

    /** With its organisation; null lets it work again. @returns false when there is no such key */
    setSuspended: (keyId: string, at: number | null): Promise<boolean> =>
      conditionHolds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { keyId },
            UpdateExpression: at === null ? 'REMOVE suspendedAt' : 'SET suspendedAt = :at',
            ConditionExpression: 'attribute_exists(keyId)',
            ...(at === null ? {} : { ExpressionAttributeValues: { ':at': at } }),
          }),
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

    /** All keys of a brand, ended ones included. */
    async ofBrand(brandId: string): Promise<ApiKey[]> {
      const keys: ApiKey[] = [];
      const pages = paginateQuery(
        { client },
        {
          TableName: tableName,
          IndexName: 'byBrand',
          KeyConditionExpression: 'brandId = :brandId',
          ExpressionAttributeValues: { ':brandId': brandId },
        },
      );
      // The index holds ids alone.
      for await (const { Items = [] } of pages) {
        const found = await Promise.all(Items.map((item) => this.get(String(item.keyId))));
        keys.push(...found.filter((key) => key !== null));
      }
      return keys;
    },
  };
}
/** Once revoked, or about to be, a key is changed no more. */
const IS_ALIVE = 'attribute_exists(keyId) AND revokedAt = :none';
const ENDS_LATER = 'attribute_exists(keyId) AND (revokedAt = :none OR revokedAt > :at)';

type Revocation = NonNullable<ApiKey['revokedBecause']>;
type KeySetting = 'name' | 'scopes' | 'expiresAt' | 'requestsPerMinute' | 'otpCountries';

export type ApiKeyStore = ReturnType<typeof apiKeyStore>;
