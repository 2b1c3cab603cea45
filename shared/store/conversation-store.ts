import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { toIso } from '../clock.ts';
import { brandShard } from '../ids.ts';
import { conditionHolds } from './conditional.ts';
import { readShards, type StoredPage } from './sharded-list.ts';

/** Meta's customer service window: open for this long after the person's last message or call (meta-cloud-api §1.3). */
export const SERVICE_WINDOW_MS = 24 * 60 * 60 * 1000;

/**
 * A conversation is moved up at most once in this time: a person who writes ten lines costs one write. Its last inbound
 * time may therefore be this much too early, never too late.
 */
export const COALESCE_MS = 60_000;

/** A person who wrote to the brand. Begins with their first message: who only got one-time passwords is not in a conversation. */
export const Conversation = z.object({
  brandShard: z.string(),
  conversationId: z.string(),
  brandId: z.string(),
  phone: z.string().nullable(),
  userId: z.string().nullable(),
  name: z.string().nullable(),
  username: z.string().nullable(),
  phoneNumberId: z.string(),
  /** Time of the last inbound, as text so that it sorts, and the id, so that no two are the same: the order of the list. */
  lastActivity: z.string(),
  lastInboundAt: z.number(),
});
export type Conversation = z.output<typeof Conversation>;

type Inbound = Omit<Conversation, 'brandShard' | 'lastActivity' | 'lastInboundAt'> & { at: number };

/** Where a list ordered by last activity is cut: everything at this time or later is not less. */
export const activityAt = (timeMs: number): string => toIso(timeMs);

/** Conversations. Key: brand#shard, conversationId; the KEYS_ONLY index byLastActivity orders them. */
export function conversationStore(client: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (brandId: string, conversationId: string) => ({
    brandShard: brandShard(brandId, conversationId),
    conversationId,
  });
  const get = async (brandId: string, conversationId: string): Promise<Conversation | null> => {
    const { Item } = await client.send(
      new GetCommand({ TableName: tableName, Key: keyOf(brandId, conversationId), ConsistentRead: true }),
    );
    return Item ? Conversation.parse(Item) : null;
  };

  /** A page of rows: at most 100, which one batch holds. For showing, not for deciding. */
  const getMany = async (keys: readonly ReturnType<typeof keyOf>[]): Promise<Map<string, Conversation>> => {
    const found = new Map<string, Conversation>();
    for (let wanted: Record<string, unknown>[] = [...keys]; wanted.length > 0; ) {
      const { Responses, UnprocessedKeys } = await client.send(
        new BatchGetCommand({ RequestItems: { [tableName]: { Keys: wanted } } }),
      );
      for (const item of Responses?.[tableName] ?? []) found.set(String(item.conversationId), Conversation.parse(item));
      wanted = UnprocessedKeys?.[tableName]?.Keys ?? [];
    }
    return found;
  };

  return {
    get,

    /**
     * The person wrote or called: the window is open from here on.
     * @returns false when it was moved up less than a minute before, or is later already
     */
    touch: ({ at, brandId, conversationId, ...contact }: Inbound): Promise<boolean> =>
      conditionHolds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(brandId, conversationId),
            UpdateExpression:
              'SET brandId = :brandId, phone = :phone, userId = :userId, #name = :name, username = :username, phoneNumberId = :phoneNumberId, lastInboundAt = :at, lastActivity = :activity',
            ConditionExpression: 'attribute_not_exists(lastInboundAt) OR lastInboundAt < :before',
            ExpressionAttributeNames: { '#name': 'name' },
            ExpressionAttributeValues: {
              ':brandId': brandId,
              ':phone': contact.phone,
              ':userId': contact.userId,
              ':name': contact.name,
              ':username': contact.username,
              ':phoneNumberId': contact.phoneNumberId,
              ':at': at,
              ':activity': `${activityAt(at)}#${conversationId}`,
              ':before': at - COALESCE_MS,
            },
          }),
        ),
      ),

    /** The brand's conversations, the one with the latest inbound first. */
    async list(
      brandId: string,
      range: { after: string | null; limit: number; from?: string | undefined; below?: string | undefined },
    ): Promise<StoredPage<Conversation>> {
      const query = { tableName, indexName: 'byLastActivity', sortKey: 'lastActivity', brandId, ...range };
      const { rows, last } = await readShards(
        client,
        query,
        (item) => String(item.conversationId),
        () => true,
      );
      const found = await getMany(rows.map((conversationId) => keyOf(brandId, conversationId)));
      return { rows: rows.flatMap((conversationId) => found.get(conversationId) ?? []), last };
    },
  };
}
export type ConversationStore = ReturnType<typeof conversationStore>;
