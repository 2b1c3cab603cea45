/** Whether DynamoDB refused a write because its condition did not hold; the item as it stands, if it was asked for. */
export function failedCondition(error: unknown): { item: Record<string, unknown> | undefined } | null {
  if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') return null;
  return { item: (error as { Item?: Record<string, unknown> }).Item };
}
