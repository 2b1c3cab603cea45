export type Dynamodb = { url: string; stop(): Promise<void> };
/**
 * Starts dynoxide over the file `dbPath`, or uses the DynamoDB that `DYNAMODB_ENDPOINT` names. Resolves when it answers.
 */
export function startDynamodb(_options: { port: number; dbPath: string }): Promise<Dynamodb> {
  throw new Error('not yet');
}
