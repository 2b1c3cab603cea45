import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { conditionHolds } from './conditional.ts';

/** How far a scheduled job has come, epoch milliseconds. */
const Checkpoint = z.object({ job: z.string(), doneUntil: z.number() });
/** Where in a table the next run begins; null: at its start. */
const Cursor = z.object({ job: z.string(), cursor: z.string().nullable() });

/** Checkpoints of scheduled jobs. Key: job. */
export function checkpointStore(client: DynamoDBDocumentClient, tableName: string) {
  return {
    /** @returns null before the first run */
    async doneUntil(job: string): Promise<number | null> {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { job }, ConsistentRead: true }));
      return Item ? Checkpoint.parse(Item).doneUntil : null;
    },

    /** Moves on, never back. @returns false when another run has come further */
    advance: (job: string, doneUntil: number): Promise<boolean> =>
      conditionHolds(
        client.send(
          new PutCommand({
            TableName: tableName,
            Item: { job, doneUntil },
            ConditionExpression: 'attribute_not_exists(job) OR doneUntil < :doneUntil',
            ExpressionAttributeValues: { ':doneUntil': doneUntil },
          }),
        ),
      ),

    /** What the run before ended with; null when it came to the end, or there was none. */
    async cursor(job: string): Promise<string | null> {
      const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { job }, ConsistentRead: true }));
      return Item ? Cursor.parse(Item).cursor : null;
    },

    async keepCursor(job: string, cursor: string | null): Promise<void> {
      await client.send(new PutCommand({ TableName: tableName, Item: { job, cursor } }));
    },
  };
}
export type CheckpointStore = ReturnType<typeof checkpointStore>;
