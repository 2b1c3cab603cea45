import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** Whether DynamoDB refused a write because its condition did not hold; the item as it stands, if it was asked for. */
export function failedCondition(error: unknown): { item: Record<string, unknown> | undefined } | null {
  if (!(error instanceof ConditionalCheckFailedException)) return null;
  // The document client translates answers, but not what rides in an exception.
  return { item: error.Item && unmarshall(error.Item) };
}

/** Runs a conditional write. @returns false when its condition did not hold; any other failure is thrown */
export async function conditionHolds(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (failedCondition(error)) return false;
    throw error;
  }
}
