/**
 * Grants that no test uses and that are kept all the same, by what they look like (`principal action resource`), with the
 * reason. With `--check`, as CI runs it, `npm run grants` fails on one that is not in here, and on a row that fits a grant
 * which a test uses, or none.
 */
export const ACCEPTED_GRANTS: readonly (readonly [grant: RegExp, reason: string])[] = [
  [
    / sqs:(ChangeMessageVisibility|GetQueueUrl) /,
    "Lambda's poller needs them on AWS; the local one hides messages itself.",
  ],
];
