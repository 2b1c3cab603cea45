import type { Env } from '../env.ts';
import { graphClient } from './graph-client.ts';

export const graphOf = (env: Env<'META_GRAPH_URL' | 'META_GRAPH_VERSION' | 'META_TIMEOUT_MS'>) =>
  graphClient({
    baseUrl: env.META_GRAPH_URL,
    version: env.META_GRAPH_VERSION,
    timeoutMs: env.META_TIMEOUT_MS,
    now: Date.now,
  });
