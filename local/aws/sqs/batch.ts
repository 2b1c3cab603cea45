import { AwsError } from '../wire.ts';
import { sqsError } from './errors.ts';

type Failure = { Id: string; SenderFault: boolean; Code: string; Message: string };

/**
 * Runs the entries of a batch one by one; each succeeds or fails for itself.
 * @throws EmptyBatchRequest, TooManyEntriesInBatchRequest, BatchEntryIdsNotDistinct, InvalidBatchEntryId
 */
export function runBatch<Entry extends { Id: string }>(entries: Entry[], run: (entry: Entry) => object) {
  if (entries.length === 0) throw sqsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10)
    throw sqsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are 10. You have sent ${entries.length}.`,
    );
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw sqsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  if (entries.some(({ Id }) => !/^[\w-]{1,80}$/.test(Id)))
    throw sqsError(
      'InvalidBatchEntryId',
      'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    );
  const Successful: object[] = [];
  const Failed: Failure[] = [];
  for (const entry of entries)
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  return { Successful, Failed };
}
