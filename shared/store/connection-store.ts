import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { EVENT_TYPES } from '../events/event-types.ts';
import { SANDBOX_WABA } from '../sandbox/sandbox-connection.ts';
import { conditionHolds } from './conditional.ts';
import type { Write } from './transaction.ts';

/** Limits of a brand's sends; what is absent is the stage's (infra/config.ts). */
export const ConnectionLimits = z.object({
  /** Codes to one person. */
  otpPerTenMinutes: z.number().int().positive().optional(),
  otpPerDay: z.number().int().positive().optional(),
  /** Messages to one person at once, before Meta's one in 6 s holds. */
  pairBurst: z.number().int().positive().optional(),
  /** What Meta lets the number send: 80, 1000, or 20 beside the app (meta-cloud-api §1.3). */
  messagesPerSecond: z.number().int().positive().optional(),
});
export type ConnectionLimits = z.output<typeof ConnectionLimits>;

/** What is known of the access token; the token itself is in the connection's secret. */
export const TokenState = z.object({
  /** `token_set_at` of the secret: which token this is about. */
  setAt: z.number(),
  /** dead: Meta takes it no more; sends are refused until there is another. */
  state: z.enum(['valid', 'expiring', 'dead']),
  /** null: never. */
  expiresAt: z.number().nullable(),
  checkedAt: z.number(),
});
export type TokenState = z.output<typeof TokenState>;

const text = z.string().nullable();

/** The number as Meta showed it when it was last looked at; Meta's own words (meta-cloud-api §7). */
export const NumberState = z.object({
  displayPhoneNumber: text,
  verifiedName: text,
  qualityRating: text,
  status: text,
  nameStatus: text,
  throughput: text,
  messagingLimit: text,
  checkedAt: z.number(),
});
export type NumberState = z.output<typeof NumberState>;

/** A brand's WhatsApp number, and the tenant's endpoint that hears of it. */
export const Connection = z.object({
  connectionId: z.string(),
  brandId: z.string(),
  organisationId: z.string(),
  status: z.enum(['active', 'disconnected']),
  phoneNumberId: z.string(),
  wabaId: z.string(),
  /** Meta's access token and the signing secrets (shared/secrets.ts, ConnectionSecret). */
  secretArn: z.string(),
  webhookUrl: z.string().nullable(),
  /** Event types the tenant wants; the six of the product page by default. */
  eventFilter: z.array(z.enum(EVENT_TYPES)),
  /** Used by `send/otp` without `template_name`. */
  defaultOtpTemplate: z.string().nullable(),
  /** Where this number or brand has other limits than the stage's (docs/limits.md). */
  limits: ConnectionLimits.optional(),
  token: TokenState.optional(),
  number: NumberState.optional(),
  /** When all that connecting means had been done once, and the signing secret was shown. */
  onboardedAt: z.number().optional(),
  createdAt: z.number(),
  disconnectedAt: z.number().optional(),
});
export type Connection = z.output<typeof Connection>;

const CHANGEABLE = ['webhookUrl', 'eventFilter', 'defaultOtpTemplate'] as const;
type Changeable = (typeof CHANGEABLE)[number];

type Index = { name: 'byBrand' | 'byPhoneNumberId' | 'byWaba'; key: 'brandId' | 'phoneNumberId' | 'wabaId' };
const BY_BRAND: Index = { name: 'byBrand', key: 'brandId' };
const BY_PHONE_NUMBER: Index = { name: 'byPhoneNumberId', key: 'phoneNumberId' };
const BY_WABA: Index = { name: 'byWaba', key: 'wabaId' };

/** Connections. Key: connectionId; KEYS_ONLY indexes by brand, phone number id and WABA. */
export function connectionStore(client: DynamoDBDocumentClient, tableName: string) {
  const get = async (connectionId: string): Promise<Connection | null> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: { connectionId }, ConsistentRead: true }),
    );
    return Item ? Connection.parse(Item) : null;
  };

  const idsBy = async (index: Index, value: string): Promise<string[]> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: index.name,
        KeyConditionExpression: '#key = :value',
        ExpressionAttributeNames: { '#key': index.key },
        ExpressionAttributeValues: { ':value': value },
      }),
    );
    return Items.map(({ connectionId }) => String(connectionId));
  };

  const activeBy = async (index: Index, value: string): Promise<Connection | null> => {
    for (const connectionId of await idsBy(index, value)) {
      const connection = await get(connectionId);
      if (connection?.status === 'active') return connection;
    }
    return null;
  };

  const change = (connectionId: string, assignment: string, condition: string, value: unknown): Promise<boolean> =>
    conditionHolds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { connectionId },
          UpdateExpression: `SET ${assignment}`,
          ConditionExpression: condition,
          ExpressionAttributeNames: {
            '#status': 'status',
            ...(assignment.includes('#number') ? { '#number': 'number' } : {}),
          },
          ExpressionAttributeValues: { ':active': 'active', ':value': value },
        }),
      ),
    );

  const tokenUpdate = (connectionId: string, token: TokenState) => ({
    TableName: tableName,
    Key: { connectionId },
    UpdateExpression: 'SET #token = :token',
    // A token once dead stays dead; one that was set later is another one.
    ConditionExpression:
      '#status = :active AND (attribute_not_exists(#token) OR (#token.setAt = :setAt AND #token.#state <> :dead))',
    ExpressionAttributeNames: { '#status': 'status', '#token': 'token', '#state': 'state' },
    ExpressionAttributeValues: { ':active': 'active', ':dead': 'dead', ':token': token, ':setAt': token.setAt },
  });

  return {
    get,

    /** A connection of the organisation, active or not; null for what is another's, or nobody's. */
    async ofOrganisation(organisationId: string, connectionId: string): Promise<Connection | null> {
      const connection = await get(connectionId);
      return connection?.organisationId === organisationId ? connection : null;
    },

    /** All a brand has and had, the newest first. */
    async allOfBrand(brandId: string): Promise<Connection[]> {
      const found = await Promise.all((await idsBy(BY_BRAND, brandId)).map(get));
      return found.filter((one) => one !== null).sort((a, b) => b.createdAt - a.createdAt);
    },
    /** The brand's active connection; null when there is none. */
    activeOfBrand: (brandId: string) => activeBy(BY_BRAND, brandId),
    /** Who a webhook of Meta is for. */
    activeOfPhoneNumber: (phoneNumberId: string) => activeBy(BY_PHONE_NUMBER, phoneNumberId),
    activeOfWaba: (wabaId: string) => activeBy(BY_WABA, wabaId),
    /** The active connection of each brand that shares a WABA; its first, where a brand has several numbers there. */
    async activesOfWaba(wabaId: string): Promise<Connection[]> {
      const found = await Promise.all((await idsBy(BY_WABA, wabaId)).map(get));
      const active = found.filter((one): one is Connection => one?.status === 'active');
      const byAge = active.sort((a, b) => a.createdAt - b.createdAt);
      return [...new Map(byAge.reverse().map((one) => [one.brandId, one])).values()];
    },
    /**
     * Some of all connections with a number at Meta, for jobs by the clock: the canary's has none.
     * @param after the `last` of the page before; null for the first
     */
    async page(after: string | null, limit: number): Promise<{ connections: Connection[]; last: string | null }> {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new ScanCommand({
          TableName: tableName,
          Limit: limit,
          ...(after === null ? {} : { ExclusiveStartKey: { connectionId: after } }),
        }),
      );
      const connections = Items.map((item) => Connection.parse(item)).filter(({ wabaId }) => wabaId !== SANDBOX_WABA);
      return { connections, last: LastEvaluatedKey ? String(LastEvaluatedKey.connectionId) : null };
    },

    /**
     * Makes it, or makes it anew; of another brand there is never one with this id. Does not hold when it was
     * disconnected since `before` was read, nor when what is taken over from there was changed since.
     */
    saving(connection: Connection, before: Connection | null): Write {
      const kept = before?.status === 'active' ? CHANGEABLE.filter((name) => connection[name] === before[name]) : [];
      const asRead = [
        'brandId = :brand',
        '(attribute_not_exists(disconnectedAt) OR disconnectedAt = :seen)',
        ...kept.map((name) => `${name} = :${name}`),
      ];
      return {
        Put: {
          TableName: tableName,
          Item: connection,
          ConditionExpression: `attribute_not_exists(connectionId) OR (${asRead.join(' AND ')})`,
          ExpressionAttributeValues: {
            ':brand': connection.brandId,
            ':seen': before?.disconnectedAt ?? null,
            ...Object.fromEntries(kept.map((name) => [`:${name}`, connection[name]])),
          },
        },
      };
    },

    /** Holds if it is active, and what is changed is still as it was. */
    changing(before: Connection, change: Partial<Pick<Connection, Changeable>>): Write {
      const names = Object.keys(change) as Changeable[];
      return {
        Update: {
          TableName: tableName,
          Key: { connectionId: before.connectionId },
          UpdateExpression: `SET ${names.map((name) => `${name} = :new_${name}`).join(', ')}`,
          ConditionExpression: ['#status = :active', ...names.map((name) => `${name} = :old_${name}`)].join(' AND '),
          ExpressionAttributeNames: { '#status': 'status' },
          ExpressionAttributeValues: {
            ':active': 'active',
            ...Object.fromEntries(names.map((name) => [`:new_${name}`, change[name]])),
            ...Object.fromEntries(names.map((name) => [`:old_${name}`, before[name]])),
          },
        },
      };
    },

    /** Nobody sends or hears by it any more; what it did stays. Does not hold when it is so already. */
    disconnecting: ({ connectionId }: Connection, now: number): Write => ({
      Update: {
        TableName: tableName,
        Key: { connectionId },
        UpdateExpression: 'SET #status = :disconnected, disconnectedAt = :now REMOVE onboardedAt',
        ConditionExpression: '#status = :active',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':active': 'active', ':disconnected': 'disconnected', ':now': now },
      },
    }),

    /**
     * Says that it is disconnected at this time too, so that `saving` does not hold for who looked before.
     * @returns false when it is active again
     */
    noteDisconnected: ({ connectionId }: Connection, now: number): Promise<boolean> =>
      change(connectionId, 'disconnectedAt = :value', '#status <> :active', now),
    noteOnboarded: ({ connectionId }: Connection, now: number): Promise<boolean> =>
      change(connectionId, 'onboardedAt = :value', '#status = :active', now),
    noteNumber: ({ connectionId }: Connection, number: NumberState): Promise<boolean> =>
      change(connectionId, '#number = :value', '#status = :active', number),

    /** @returns false when the connection has another token meanwhile, or is known to be as bad already */
    noteToken: ({ connectionId }: Pick<Connection, 'connectionId'>, token: TokenState): Promise<boolean> =>
      conditionHolds(client.send(new UpdateCommand(tokenUpdate(connectionId, token)))),
    /** `noteToken` as a part of a transaction. */
    notingToken: ({ connectionId }: Pick<Connection, 'connectionId'>, token: TokenState): Write => ({
      Update: tokenUpdate(connectionId, token),
    }),

    async put(connection: Connection): Promise<void> {
      await client.send(new PutCommand({ TableName: tableName, Item: connection }));
    },
  };
}
export type ConnectionStore = ReturnType<typeof connectionStore>;
