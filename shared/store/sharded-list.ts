import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { SHARDS } from '../ids.ts';

/** A page of a list; `last` is where the next one begins, null at the end of the list. */
export type StoredPage<T> = { rows: T[]; last: string | null };

type Item = Record<string, unknown>;

/** Rows of a shard asked for at first, beyond its even share of a page: ids are spread by a hash. */
const SPARE_ROWS = 4;
/** A page that finds too little with its filters ends after so many rows, and the next one goes on from there. */
const MAX_SCANNED = 2000;

/** What all shards of a brand are read with, newest first. */
export type ShardedQuery = {
  tableName: string;
  indexName?: string;
  /** Of the table or index: `brandShard`, and the sort key the list is ordered by. */
  sortKey: string;
  brandId: string;
  /** Rows begin after this value, exclusive, and end before that one, inclusive. */
  after: string | null;
  /** Greater or equal. */
  from?: string | undefined;
  /** Less: where a list with an upper bound begins. */
  below?: string | undefined;
  limit: number;
};

/**
 * The newest rows of a brand: its shards merged. A page costs the same wherever it is, for every shard is entered by
 * key; the order is that of the sort key, which never changes, so walking the pages shows each row once.
 * @param keep a row it refuses is passed over
 */
export async function readShards<T>(
  client: DynamoDBDocumentClient,
  query: ShardedQuery,
  toRow: (item: Item) => T,
  keep: (row: T) => boolean,
): Promise<StoredPage<T>> {
  const perQuery = Math.ceil(query.limit / SHARDS) + SPARE_ROWS;
  const shards = Array.from({ length: SHARDS }, (_, shard) =>
    shardReader(client, query, `${query.brandId}#${shard}`, perQuery),
  );
  const rows: T[] = [];
  let last: string | null = null;
  for (let scanned = 0; scanned < MAX_SCANNED; scanned++) {
    if (shards.some((shard) => shard.isDrained())) await Promise.all(shards.map((shard) => shard.fill()));
    const newest = shards.reduce((best, shard) => (shard.key() > best.key() ? shard : best));
    const item = newest.take();
    if (!item) return { rows, last: null };
    // One more than a page tells whether there is a next one.
    if (rows.length === query.limit) return { rows, last };
    const row = toRow(item);
    last = String(item[query.sortKey]);
    if (keep(row)) rows.push(row);
  }
  return { rows, last };
}

function shardReader(client: DynamoDBDocumentClient, query: ShardedQuery, brandShard: string, limit: number) {
  const { tableName, indexName, sortKey, after, from, below } = query;
  let buffer: Item[] = [];
  let startKey: Item | undefined;
  // A list is entered below the cursor or the upper bound, whichever is lower.
  const under = [after, below ?? null].filter((bound) => bound !== null).sort()[0];
  // DynamoDB refuses bounds the wrong way round, which is a list of nothing.
  let isAtEnd = from !== undefined && under !== undefined && from >= under;
  return {
    isDrained: (): boolean => buffer.length === 0 && !isAtEnd,
    key: (): string => String(buffer[0]?.[sortKey] ?? ''),
    take: (): Item | undefined => buffer.shift(),
    async fill(): Promise<void> {
      while (buffer.length === 0 && !isAtEnd) {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: indexName,
            // DynamoDB takes one condition on the sort key; `under` itself is passed over below.
            KeyConditionExpression: `brandShard = :shard${sortCondition(from, under)}`,
            // DynamoDB refuses names that are not used, and an empty list of them.
            ExpressionAttributeNames: from || under ? { '#sort': sortKey } : undefined,
            ExpressionAttributeValues: {
              ':shard': brandShard,
              ...(from ? { ':from': from } : {}),
              ...(under ? { ':under': under } : {}),
            },
            ScanIndexForward: false,
            ExclusiveStartKey: startKey,
            Limit: limit,
          }),
        );
        buffer = Items.filter((item) => under === undefined || String(item[sortKey]) < under);
        startKey = LastEvaluatedKey;
        isAtEnd = LastEvaluatedKey === undefined;
      }
    },
  };
}

function sortCondition(from: string | undefined, under: string | undefined): string {
  if (from && under) return ' AND #sort BETWEEN :from AND :under';
  if (from) return ' AND #sort >= :from';
  return under ? ' AND #sort < :under' : '';
}
