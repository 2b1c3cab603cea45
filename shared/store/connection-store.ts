import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { EVENT_TYPES } from '../events/event-types.ts';

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
  createdAt: z.number(),
});
export type Connection = z.output<typeof Connection>;

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

  return {
    get,
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
    /** Every connection of every tenant, for jobs by the clock. */
    async *all(): AsyncGenerator<Connection> {
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const page: { Items?: Record<string, unknown>[]; LastEvaluatedKey?: Record<string, unknown> } =
          await client.send(new ScanCommand({ TableName: tableName, ExclusiveStartKey }));
        for (const item of page.Items ?? []) yield Connection.parse(item);
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
    },

    async put(connection: Connection): Promise<void> {
      await client.send(new PutCommand({ TableName: tableName, Item: connection }));
    },
  };
}
export type ConnectionStore = ReturnType<typeof connectionStore>;
