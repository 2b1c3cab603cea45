import { logger } from './logger.ts';
import type { CheckpointStore } from './store/checkpoint-store.ts';
import type { Connection, ConnectionStore } from './store/connection-store.ts';

/** Connections looked at side by side: at 0.6 s each a run of 15 minutes comes through some 20,000. */
const AT_ONCE = 16;
/** Left for those begun last, milliseconds: each asks Meta a few times, which may take 20 s to give up. */
const RESERVE_MS = 2 * 60_000;

type Deps = {
  job: string;
  connections: Pick<ConnectionStore, 'page'>;
  checkpoints: Pick<CheckpointStore, 'cursor' | 'keepCursor'>;
};

/**
 * Goes round all connections, for jobs by the clock. A run that has no time left stops, and the next one goes on there:
 * were each to begin anew, nobody would ever look at the last ones.
 * @param work never throws: one connection does not hold up the others
 */
export const connectionRound =
  ({ job, connections, checkpoints }: Deps) =>
  async (work: (connection: Connection) => Promise<void>, remainingMs: () => number): Promise<void> => {
    let after = await checkpoints.cursor(job);
    do {
      const page = await connections.page(after, AT_ONCE);
      await Promise.all(page.connections.map(work));
      after = page.last;
      await checkpoints.keepCursor(job, after);
    } while (after !== null && remainingMs() > RESERVE_MS);
    logger.info('round.ended', { job, is_complete: after === null });
  };
export type ConnectionRound = ReturnType<typeof connectionRound>;
