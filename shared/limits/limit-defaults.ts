import type { Env } from '../env.ts';
import type { LimitDefaults } from './send-limits.ts';

/** The stage's limits in the environment. */
export const LIMIT_VARIABLES = [
  'REQUESTS_PER_MINUTE',
  'OTP_PER_TEN_MINUTES',
  'OTP_PER_DAY',
  'PAIR_BURST',
  'NUMBER_MESSAGES_PER_SECOND',
] as const;

/** The stage's limits, for keys and connections that have none of their own. */
export const limitDefaults = (env: Env<(typeof LIMIT_VARIABLES)[number]>): LimitDefaults => ({
  keyRequestsPerMinute: env.REQUESTS_PER_MINUTE,
  otpPerTenMinutes: env.OTP_PER_TEN_MINUTES,
  otpPerDay: env.OTP_PER_DAY,
  pairBurst: env.PAIR_BURST,
  messagesPerSecond: env.NUMBER_MESSAGES_PER_SECOND,
});
