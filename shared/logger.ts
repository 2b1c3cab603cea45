import { Logger } from '@aws-lambda-powertools/logger';

/**
 * The one logger of a function. Each message is a stable name with data beside it; never phone numbers, message text,
 * codes, keys, tokens or whole events, not even at debug (architecture §7).
 */
export const logger = new Logger();
