import {
  BatchGetCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  paginateScan,
  QueryCommand,
} from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { toSeconds } from '../clock.ts';
import { brandShard, SHARDS } from '../ids.ts';

const DAY_SECONDS = 24 * 60 * 60;
/** Meta sends for 7 days what it takes for not delivered (meta-cloud-api §5.2); the queue keeps it for up to 14 more. */
const SEEN_TTL_SECONDS = 22 * DAY_SECONDS;
/** As long as events live. */
const KEPT_TTL_SECONDS = 30 * DAY_SECONDS;

/**
 * `unrouted`: an update of a number or WABA that no brand had; it can be replayed when one connects it.
 * `raw`: what no event shows as Meta sent it, or a piece of that.
 */
const KINDS = ['unrouted', 'raw'] as const;

export const KeptItem = z.object({
  ownerShard: z.string(),
  itemId: z.string(),
  kind: z.enum(KINDS),
  /** The JSON of an `InboundUpdate`, or Meta's own. */
  text: z.string(),
  /** e.g. `messages.unknown_type`. */
  about: z.string(),
  /** Of a long text. */
  part: z.number().optional(),
  parts: z.number().optional(),
  keptAt: z.number(),
  expiresAt: z.number(),
});
export type KeptItem = z.output<typeof KeptItem>;

/** Whose it is (`ownerOf`), and what it is called there. */
type Ref = { owner: string; id: string };

/** DynamoDB takes this many keys in one read. */
const MAX_KEYS = 100;

/**
 * What Meta told besides messages: which facts were seen, and what is kept for lack of somebody to tell. Key:
 * owner#shard, itemId.
 */
export function metaUpdateStore(client: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (owner: string, itemId: string) => ({ ownerShard: brandShard(owner, itemId), itemId });
  const seenKey = ({ owner, id }: Ref) => keyOf(owner, `seen#${id}`);

  return {
    /**
     * Which of the facts were marked as seen. Consistent.
     * @throws when DynamoDB could not serve all of them
     */
    async seen(facts: readonly Ref[], nowMs: number): Promise<Set<string>> {
      const keys = [...new Map(facts.map((fact) => [fact.id, seenKey(fact)])).values()];
      const found = new Set<string>();
      for (let from = 0; from < keys.length; from += MAX_KEYS) {
        const Keys = keys.slice(from, from + MAX_KEYS);
        const { Responses, UnprocessedKeys } = await client.send(
          new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } }),
        );
        if (UnprocessedKeys?.[tableName]) throw new Error('Some facts could not be looked up');
        for (const { itemId, expiresAt } of Responses?.[tableName] ?? []) {
          if (Number(expiresAt) > toSeconds(nowMs)) found.add(String(itemId).slice('seen#'.length));
        }
      }
      return found;
    },

    /** May be done twice. */
    async markSeen(fact: Ref, nowMs: number): Promise<void> {
      const expiresAt = toSeconds(nowMs) + SEEN_TTL_SECONDS;
      await client.send(new PutCommand({ TableName: tableName, Item: { ...seenKey(fact), expiresAt } }));
    },

    /** May be done twice: the same thing has the same id. */
    async keep(
      { owner, id }: Ref,
      item: Pick<KeptItem, 'kind' | 'text' | 'about' | 'part' | 'parts'>,
      nowMs: number,
    ): Promise<void> {
      const expiresAt = toSeconds(nowMs) + KEPT_TTL_SECONDS;
      const Item: KeptItem = { ...keyOf(owner, `${item.kind}#${id}`), ...item, keptAt: nowMs, expiresAt };
      await client.send(new PutCommand({ TableName: tableName, Item }));
    },

    /** Some of what is kept of an owner, the eldest of a shard first; an empty list when there is nothing more. */
    async kept(owner: string, kind: KeptItem['kind'], nowMs: number): Promise<KeptItem[]> {
      const shards = await Promise.all(
        Array.from({ length: SHARDS }, (_, shard) =>
          client.send(
            new QueryCommand({
              TableName: tableName,
              ConsistentRead: true,
              KeyConditionExpression: 'ownerShard = :shard AND begins_with(itemId, :kind)',
              FilterExpression: 'expiresAt > :now',
              ExpressionAttributeValues: {
                ':shard': `${owner}#${shard}`,
                ':kind': `${kind}#`,
                ':now': toSeconds(nowMs),
              },
            }),
          ),
        ),
      );
      return shards.flatMap(({ Items = [] }) => Items.map((item) => KeptItem.parse(item)));
    },

    /** Of all owners: what waits for a brand that connects its number. Reads the whole table; for people, not requests. */
    async *unrouted(nowMs: number): AsyncGenerator<{ owner: string; about: string; keptAt: number }> {
      const pages = paginateScan(
        { client },
        {
          TableName: tableName,
          FilterExpression: 'begins_with(itemId, :kind) AND expiresAt > :now',
          ExpressionAttributeValues: { ':kind': 'unrouted#', ':now': toSeconds(nowMs) },
        },
      );
      for await (const { Items = [] } of pages) {
        for (const item of Items) {
          const { ownerShard, about, keptAt } = KeptItem.parse(item);
          yield { owner: ownerShard.slice(0, ownerShard.lastIndexOf('#')), about, keptAt };
        }
      }
    },

    async remove({ ownerShard, itemId }: Pick<KeptItem, 'ownerShard' | 'itemId'>): Promise<void> {
      await client.send(new DeleteCommand({ TableName: tableName, Key: { ownerShard, itemId } }));
    },
  };
}
export type MetaUpdateStore = ReturnType<typeof metaUpdateStore>;
