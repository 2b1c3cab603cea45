import { BatchGetCommand, type DynamoDBDocumentClient, GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { brandShard, ID_PATTERN } from '../ids.ts';
import { Message } from './message.ts';
import { readShards, type StoredPage } from './sharded-list.ts';

/** What a list is cut by: ids, which begin with their time. */
export type MessageRange = {
  after: string | null;
  limit: number;
  /** At this id or later. */
  from?: string | undefined;
  /** Before this id. */
  below?: string | undefined;
};

/** DynamoDB gives at most this many items in one batch. */
const MAX_BATCH = 100;
/** A page that finds too little with its filters ends after so many rows. */
const MAX_SCANNED = 1000;

/** The reading side of the messages: lists and single ones, for the API. Eventually consistent but for `find`. */
export function messageHistory(client: DynamoDBDocumentClient, tableName: string) {
  const idOfWamid = async (brandId: string, waMessageId: string): Promise<string | null> => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: tableName,
        IndexName: 'byWaMessageId',
        KeyConditionExpression: 'waMessageId = :waMessageId',
        ExpressionAttributeValues: { ':waMessageId': waMessageId },
      }),
    );
    const found = Items.find((item) => String(item.brandShard).startsWith(`${brandId}#`));
    return found ? String(found.messageId) : null;
  };

  const readAll = async (keys: readonly Record<string, unknown>[]): Promise<Map<string, Message>> => {
    const found = new Map<string, Message>();
    for (let first = 0; first < keys.length; first += MAX_BATCH) {
      let wanted: Record<string, unknown>[] | undefined = keys.slice(first, first + MAX_BATCH);
      while (wanted && wanted.length > 0) {
        const {
          Responses,
          UnprocessedKeys,
        }: {
          Responses?: Record<string, Record<string, unknown>[]>;
          UnprocessedKeys?: Record<string, { Keys?: Record<string, unknown>[] }>;
        } = await client.send(new BatchGetCommand({ RequestItems: { [tableName]: { Keys: wanted } } }));
        for (const item of Responses?.[tableName] ?? []) found.set(String(item.messageId), Message.parse(item));
        wanted = UnprocessedKeys?.[tableName]?.Keys;
      }
    }
    return found;
  };

  return {
    /** A message of this brand, by our id or by its wamid. Another brand's is not found. */
    async find(brandId: string, idOrWamid: string): Promise<Message | null> {
      const messageId = ID_PATTERN.message.test(idOrWamid)
        ? idOrWamid
        : idOrWamid.startsWith('wamid.')
          ? await idOfWamid(brandId, idOrWamid)
          : null;
      if (messageId === null) return null;
      const Key = { brandShard: brandShard(brandId, messageId), messageId };
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
      return Item ? Message.parse(Item) : null;
    },

    /** The brand's messages, newest first. */
    list: (brandId: string, range: MessageRange, keep: (message: Message) => boolean): Promise<StoredPage<Message>> =>
      readShards(client, { tableName, sortKey: 'messageId', brandId, ...range }, (item) => Message.parse(item), keep),

    /** One conversation's messages, newest first; empty for another brand's. */
    async ofConversation(
      brandId: string,
      conversationId: string,
      { after, from, below, limit }: MessageRange,
      keep: (message: Message) => boolean = () => true,
    ): Promise<StoredPage<Message>> {
      const under = [after, below ?? null].filter((bound) => bound !== null).sort()[0];
      // DynamoDB refuses bounds the wrong way round, which is a list of nothing.
      if (from && under && from >= under) return { rows: [], last: null };
      const conditions = ['conversationId = :conversation'];
      if (from && under) conditions.push('messageId BETWEEN :from AND :under');
      else if (from) conditions.push('messageId >= :from');
      else if (under) conditions.push('messageId < :under');
      const rows: Message[] = [];
      let last: string | null = null;
      let startKey: Record<string, unknown> | undefined;
      for (let scanned = 0; scanned < MAX_SCANNED; ) {
        const {
          Items = [],
          LastEvaluatedKey,
        }: { Items?: Record<string, unknown>[]; LastEvaluatedKey?: Record<string, unknown> } = await client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: 'byConversation',
            KeyConditionExpression: conditions.join(' AND '),
            ExpressionAttributeValues: {
              ':conversation': conversationId,
              ...(from ? { ':from': from } : {}),
              ...(under ? { ':under': under } : {}),
            },
            ScanIndexForward: false,
            ExclusiveStartKey: startKey,
            Limit: limit + 1,
          }),
        );
        scanned += Items.length;
        const keys = Items.filter((item) => String(item.brandShard).startsWith(`${brandId}#`)).map(
          ({ brandShard: shard, messageId }) => ({ brandShard: shard, messageId }),
        );
        const messages = await readAll(
          keys.filter(({ messageId }) => under === undefined || String(messageId) < under),
        );
        for (const { messageId } of keys) {
          const message = messages.get(String(messageId));
          if (!message || !keep(message)) {
            if (message) last = message.messageId;
            continue;
          }
          // One more than a page tells whether there is a next one.
          if (rows.length === limit) return { rows, last };
          rows.push(message);
          last = message.messageId;
        }
        startKey = LastEvaluatedKey;
        if (!startKey) return { rows, last: null };
      }
      return { rows, last };
    },
  };
}
export type MessageHistory = ReturnType<typeof messageHistory>;
