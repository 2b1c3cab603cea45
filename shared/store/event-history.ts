import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { toSeconds } from '../clock.ts';
import { brandShard, ID_PATTERN } from '../ids.ts';
import { StoredEvent } from './event-store.ts';
import { readShards, type StoredPage } from './sharded-list.ts';

type Range = { after: string | null; limit: number; from?: string | undefined; below?: string | undefined };

/** The reading side of the events, for the API. TTL deletes late: what has expired is not there. */
export function eventHistory(client: DynamoDBDocumentClient, tableName: string) {
  const isLive = ({ expiresAt }: StoredEvent, nowMs: number): boolean => expiresAt > toSeconds(nowMs);
  return {
    /** An event of this brand. Another brand's is not found. */
    async find(brandId: string, eventId: string, nowMs: number): Promise<StoredEvent | null> {
      if (!ID_PATTERN.event.test(eventId)) return null;
      const Key = { brandShard: brandShard(brandId, eventId), eventId };
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }));
      const event = Item ? StoredEvent.parse(Item) : null;
      return event && isLive(event, nowMs) ? event : null;
    },

    /** The brand's events, newest first. */
    list: (
      brandId: string,
      range: Range,
      keep: (event: StoredEvent) => boolean,
      nowMs: number,
    ): Promise<StoredPage<StoredEvent>> =>
      readShards(
        client,
        { tableName, sortKey: 'eventId', brandId, ...range },
        (item) => StoredEvent.parse(item),
        (event) => isLive(event, nowMs) && keep(event),
      ),
  };
}
export type EventHistory = ReturnType<typeof eventHistory>;
