import { AwsError } from '../wire.ts';

/** SQS's query-protocol names, which the SDK also shows (`error.Code`), for the codes where they differ. */
const LEGACY = 'AWS.SimpleQueueService.';
const QUERY_CODES: Record<string, string> = {
  QueueDoesNotExist: `${LEGACY}NonExistentQueue`,
  QueueNameExists: 'QueueAlreadyExists',
  EmptyBatchRequest: `${LEGACY}EmptyBatchRequest`,
  TooManyEntriesInBatchRequest: `${LEGACY}TooManyEntriesInBatchRequest`,
  BatchEntryIdsNotDistinct: `${LEGACY}BatchEntryIdsNotDistinct`,
  InvalidBatchEntryId: `${LEGACY}InvalidBatchEntryId`,
  BatchRequestTooLong: `${LEGACY}BatchRequestTooLong`,
  MessageNotInflight: `${LEGACY}MessageNotInflight`,
  UnsupportedOperation: `${LEGACY}UnsupportedOperation`,
};

export function sqsError(code: string, message: string): AwsError {
  return new AwsError(code, message, 400, QUERY_CODES[code] ?? code);
}
export const queueDoesNotExist = () => sqsError('QueueDoesNotExist', 'The specified queue does not exist.');
export const invalidParameter = (value: unknown, name: string, reason: string) =>
  sqsError('InvalidParameterValue', `Value ${String(value)} for parameter ${name} is invalid. Reason: ${reason}`);
