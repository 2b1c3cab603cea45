import type { Env, EnvName } from '../env.ts';
import { graphClient } from './graph-client.ts';

/** What every function that calls Meta reads of its environment. */
export const GRAPH_VARIABLES = [
  'META_GRAPH_URL',
  'META_GRAPH_VERSION',
  'META_TIMEOUT_MS',
] as const satisfies readonly EnvName[];

export const graphOf = (env: Env<(typeof GRAPH_VARIABLES)[number]>) =>
  graphClient({
    baseUrl: env.META_GRAPH_URL,
    version: env.META_GRAPH_VERSION,
    timeoutMs: env.META_TIMEOUT_MS,
    now: Date.now,
  });
