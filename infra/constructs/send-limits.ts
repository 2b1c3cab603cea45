import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { configOf } from '../stacks/stage-stack.ts';
import type { ApiFunction } from './api-function.ts';
import { useTable } from './grants.ts';

/** What a function that sends needs to hold the limits of docs/limits.md. */
export function useSendLimits(fn: ApiFunction, table: TableV2): void {
  useTable(fn, 'LIMITS_TABLE_NAME', table, ['UpdateItem']);
  knowLimits(fn);
}

/** Which limits hold where a key or a connection has none of its own. */
export function knowLimits(fn: ApiFunction): void {
  const { limits } = configOf(fn);
  fn.addEnvironment('REQUESTS_PER_MINUTE', String(limits.keyRequestsPerMinute));
  fn.addEnvironment('OTP_PER_TEN_MINUTES', String(limits.otpPerTenMinutes));
  fn.addEnvironment('OTP_PER_DAY', String(limits.otpPerDay));
  fn.addEnvironment('PAIR_BURST', String(limits.pairBurst));
  fn.addEnvironment('NUMBER_MESSAGES_PER_SECOND', String(limits.numberMessagesPerSecond));
}
