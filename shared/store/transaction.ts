import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';

/** One write of a transaction. Stores make them, for they know their keys and conditions. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Somebody else writes one of the items at this moment: DynamoDB does not wait for him. */
const MAX_CONFLICTS = 8;
const CONFLICT_WAIT_MS = 25;

/**
 * All or nothing.
 * @returns which writes' conditions did not hold, by their index from 0; empty when all is written
 */
export async function writeAll(client: DynamoDBDocumentClient, writes: readonly Write[]): Promise<number[]> {
  for (let conflicts = 0; ; conflicts++) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: [...writes] }));
      return [];
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
      const failed = codes.flatMap((code, index) => (code === 'ConditionalCheckFailed' ? [index] : []));
      if (failed.length > 0) return failed;
      if (!codes.includes('TransactionConflict') || conflicts === MAX_CONFLICTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, CONFLICT_WAIT_MS * (conflicts + Math.random())));
    }
  }
}
