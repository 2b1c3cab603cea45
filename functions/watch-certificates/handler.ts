import { readEnv } from '../../shared/env.ts';
import { logger } from '../../shared/logger.ts';
import { servedUntil } from './served-until.ts';
import { watchCertificates } from './watch-certificates.ts';

const { WATCHED_URLS } = readEnv('WATCHED_URLS');
const run = watchCertificates({ urls: WATCHED_URLS, servedUntil: (url) => servedUntil(url), now: Date.now });

/** By the clock, once a day: infra/stacks/upkeep-stack.ts. */
export const handler = async (): Promise<void> => {
  logger.resetKeys();
  await run();
};
