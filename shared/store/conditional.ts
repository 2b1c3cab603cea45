/** Whether DynamoDB refused a write because its condition did not hold; the item as it stands, if it was asked for. */
export function failedCondition(error: unknown): { item: Record<string, unknown> | undefined } | null {
  if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') return null;
  return { item: (error as { Item?: Record<string, unknown> }).Item };
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
