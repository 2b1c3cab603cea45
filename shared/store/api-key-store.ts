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
  const revoking = (keyId: string, at: number, because: Revocation) => ({
    Update: {
      TableName: tableName,
      Key: { keyId },
      UpdateExpression: 'SET revokedAt = :at, revokedBecause = :because',
      ConditionExpression: 'attribute_exists(keyId) AND (revokedAt = :none OR revokedAt > :at)',
      ExpressionAttributeValues: { ':at': at, ':because': because, ':none': null },
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
      const changed = KEY_SETTINGS.filter((name) => name in change);
      const [set, removed] = [true, false].map((isSet) =>
        changed.filter((name) => (change[name] !== undefined) === isSet),
      ) as [KeySetting[], KeySetting[]];
      const read = asRead(before, changed);
      return {
        Update: {
          TableName: tableName,
          Key: { keyId: before.keyId },
          UpdateExpression: [
            set.length > 0 ? `SET ${set.map((name) => `#${name} = :new_${name}`).join(', ')}` : '',
            removed.length > 0 ? `REMOVE ${removed.map((name) => `#${name}`).join(', ')}` : '',
          ].join(' '),
          ConditionExpression: read.condition,
          ExpressionAttributeNames: read.names,
          ExpressionAttributeValues: {
            ...read.values,
            ...Object.fromEntries(set.map((name) => [`:new_${name}`, change[name]])),
          },
        },
      };
    },

    /** Ends a key at a time, for the one in its place. Holds if it is still as it was read: no right that was just taken comes back. */
    rolling(before: ApiKey, at: number, rolledTo: string): Write {
      const read = asRead(before, KEY_SETTINGS);
      return {
        Update: {
          TableName: tableName,
          Key: { keyId: before.keyId },
          UpdateExpression: 'SET revokedAt = :at, revokedBecause = :because, rolledTo = :rolledTo',
          ConditionExpression: read.condition,
          ExpressionAttributeNames: read.names,
          ExpressionAttributeValues: { ...read.values, ':at': at, ':because': 'rolled', ':rolledTo': rolledTo },
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
/** What a person decides of a key that there is. */
const KEY_SETTINGS = ['name', 'scopes', 'expiresAt', 'requestsPerMinute', 'otpCountries'] as const;
type KeySetting = (typeof KEY_SETTINGS)[number];

/** A condition: the key is not over or about to be, and these settings are as they were read. */
const asRead = (before: ApiKey, settings: readonly KeySetting[]) => ({
  condition: [
    'attribute_exists(keyId) AND revokedAt = :none',
    ...settings.map((name) =>
      before[name] === undefined ? `attribute_not_exists(#${name})` : `#${name} = :old_${name}`,
    ),
  ].join(' AND '),
  names: Object.fromEntries(settings.map((name) => [`#${name}`, name])),
  values: {
    ...Object.fromEntries(
      settings.flatMap((name) => (before[name] === undefined ? [] : [[`:old_${name}`, before[name]]])),
    ),
    ':none': null,
  },
});

type Revocation = NonNullable<ApiKey['revokedBecause']>;

export type ApiKeyStore = ReturnType<typeof apiKeyStore>;
