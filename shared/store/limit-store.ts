import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { toSeconds } from '../clock.ts';
import { conditionHolds, failedCondition } from './conditional.ts';

/** A bucket that holds `burst` tokens and gets a new one every `intervalMs`. */
export type Rate = { burst: number; intervalMs: number };

const Bucket = z.object({ fullAt: z.number() });
const Recent = z.object({ sentAts: z.array(z.number()) });

/** Beyond twice of what the limits look at, the list is cut. */
const LIST_SLACK = 2;
/** Each try knows more than the one before; more than a few lose against other containers. */
const MAX_TRIES = 6;

/**
 * What has been used of limits. Key: id; never a phone number in it. Buckets are kept as the time at which they will be
 * full again ("theoretical arrival time" of the generic cell rate algorithm): one number, which a write can add to
 * without having read it.
 */
export function limitStore(client: DynamoDBDocumentClient, tableName: string) {
  /** @returns the new `fullAt`, or the one that stands when the condition did not hold */
  async function move(id: string, expression: string, condition: string, values: Record<string, number>) {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { id },
          UpdateExpression: `SET ${expression}, expiresAt = :expiresAt`,
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
          ReturnValues: 'UPDATED_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { isDone: true, fullAt: Bucket.parse(Attributes).fullAt };
    } catch (error) {
      const refused = failedCondition(error);
      if (!refused) throw error;
      // An item that is gone meanwhile (its time was over) is as good as none.
      return { isDone: false, fullAt: refused.item ? Bucket.parse(refused.item).fullAt : 0 };
    }
  }

  return {
    /**
     * Draws up to `wanted` tokens, in one write when `knownFullAt` is about right.
     * @param knownFullAt 0 when nothing is known of it
     * @returns how many were drawn, 0 when the bucket is empty, and when it will be full
     */
    async draw(
      id: string,
      { burst, intervalMs }: Rate,
      wanted: number,
      knownFullAt: number,
      now: number,
    ): Promise<{ drawn: number; fullAt: number }> {
      let fullAt = knownFullAt;
      const bottom = now + burst * intervalMs;
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const available = Math.floor((bottom - Math.max(fullAt, now)) / intervalMs);
        if (available < 1) return { drawn: 0, fullAt };
        const count = Math.min(wanted, available);
        const cost = count * intervalMs;
        const expiresAt = { ':expiresAt': toSeconds(bottom) + 60 };
        const moved =
          fullAt > now || fullAt === 0
            ? await move(
                id,
                'fullAt = if_not_exists(fullAt, :now) + :cost',
                'attribute_not_exists(fullAt) OR (fullAt > :now AND fullAt <= :most)',
                { ':cost': cost, ':now': now, ':most': bottom - cost, ...expiresAt },
              )
            : await move(id, 'fullAt = :fullAt', 'fullAt <= :now', {
                ':fullAt': now + cost,
                ':now': now,
                ...expiresAt,
              });
        if (moved.isDone) return { drawn: count, fullAt: moved.fullAt };
        fullAt = moved.fullAt;
      }
      return { drawn: 0, fullAt };
    },

    /**
     * Adds `now` to the latest times of a thing, if each window has room for it: at most `max` in any `ms`. One write.
     * @returns null when it was added, else how long until it could be, milliseconds
     */
    async addRecent(id: string, windows: readonly { max: number; ms: number }[], now: number): Promise<number | null> {
      const longest = Math.max(...windows.map(({ ms }) => ms));
      const most = Math.max(...windows.map(({ max }) => max));
      try {
        const { Attributes } = await client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { id },
            // Newest first: so the entry that decides stands at a place that is known beforehand.
            UpdateExpression: 'SET sentAts = list_append(:now, if_not_exists(sentAts, :none)), expiresAt = :expiresAt',
            ConditionExpression: windows
              .map(({ max }, i) => `(attribute_not_exists(sentAts[${max - 1}]) OR sentAts[${max - 1}] <= :w${i})`)
              .join(' AND '),
            ExpressionAttributeValues: {
              ':now': [now],
              ':none': [],
              ':expiresAt': toSeconds(now + longest) + 60,
              ...Object.fromEntries(windows.map(({ ms }, i) => [`:w${i}`, now - ms])),
            },
            ReturnValues: 'UPDATED_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        const { sentAts } = Recent.parse(Attributes);
        if (sentAts.length > most * LIST_SLACK) await this.cut(id, most, sentAts.length);
        return null;
      } catch (error) {
        const refused = failedCondition(error);
        if (!refused) throw error;
        const { sentAts } = Recent.parse(refused.item);
        const waits = windows.map(({ max, ms }) => (sentAts[max - 1] ?? 0) + ms - now);
        return Math.max(1, ...waits);
      }
    },

    /** Forgets what no window looks at any more. */
    cut: (id: string, from: number, to: number): Promise<unknown> =>
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: { id },
          UpdateExpression: `REMOVE ${Array.from({ length: to - from }, (_, i) => `sentAts[${from + i}]`).join(', ')}`,
        }),
      ),

    /** Takes back the latest time, if it is still `at`. */
    removeRecent: (id: string, at: number): Promise<boolean> =>
      conditionHolds(
        client.send(
          new UpdateCommand({
            TableName: tableName,
            Key: { id },
            UpdateExpression: 'REMOVE sentAts[0]',
            ConditionExpression: 'sentAts[0] = :at',
            ExpressionAttributeValues: { ':at': at },
          }),
        ),
      ),
  };
}
export type LimitStore = ReturnType<typeof limitStore>;
