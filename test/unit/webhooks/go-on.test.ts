import { expect, test } from '@jest/globals';
import { RecoveryTurn, WatchTurn } from '../../../shared/webhooks/delivery.ts';
import { goingOn, MAX_TURNS, nameOfPart, type Turn } from '../../../shared/webhooks/go-on.ts';
import { LoopEnded } from '../../../shared/webhooks/ladder-ended.ts';

type Step = { done: number; wait_seconds: number };
const ALL = 10;

/** Step Functions: an execution for each name, whose task is repeated when it fails, and ends with `LoopEnded`. */
async function run(dies: (when: 'before' | 'after', part: number) => boolean) {
  const executions = new Map<string, Turn<Step>>();
  const work: number[] = [];
  const turn = goingOn<Step>(
    async ({ done }) => {
      if (done === ALL) throw new LoopEnded('all is done');
      work.push(done);
      return { done: done + 1, wait_seconds: 1 };
    },
    async (step) => {
      if (dies('before', step.part)) throw new Error('killed');
      const name = nameOfPart('loop', step.part);
      if (!executions.has(name)) executions.set(name, step);
      if (dies('after', step.part)) throw new Error('killed');
    },
    3,
  );
  executions.set('loop', { done: 0, wait_seconds: 0, turns: 0, part: 0 });
  for (const [name, first] of executions) {
    let step = first;
    for (let isOver = false; !isOver; ) {
      await turn(step).then(
        (next) => {
          step = next;
        },
        (error: Error) => {
          isOver = error instanceof LoopEnded;
        },
      );
    }
    executions.set(name, step);
  }
  return { work, names: [...executions.keys()] };
}

test.each<[string, (when: 'before' | 'after', part: number) => boolean]>([
  ['nobody dies', () => false],
  ['who starts the next dies right before', once('before')],
  ['who starts the next dies right after', once('after')],
])('a loop goes on in other executions, each turn once: %s', async (_case, dies) => {
  const { work, names } = await run(dies);
  expect(work).toEqual(Array.from({ length: ALL }, (_, turn) => turn));
  expect(names).toEqual(['loop', 'loop.1', 'loop.2', 'loop.3']);
});

/** Once for each part. */
function once(at: 'before' | 'after') {
  const seen = new Set<number>();
  return (when: 'before' | 'after', part: number): boolean => when === at && !seen.has(part) && Boolean(seen.add(part));
}

test('an execution ends itself before Step Functions would, with room for calls that were repeated', () => {
  const eventsOfATurn = 2 + 5; // Wait: entered, exited; Task: entered, scheduled, started, succeeded, exited
  expect(MAX_TURNS * eventsOfATurn).toBeLessThan(25_000 * 0.75);
});

test('steps of before, without a count, are taken', () => {
  const recovery = { recovery_id: 'rec_a', brand_id: 'brd_a', wait_seconds: 0 };
  expect(RecoveryTurn.parse(recovery)).toEqual({ ...recovery, turns: 0, part: 0 });
  const watch = { connection_id: 'con_a', brand_id: 'brd_a', watch: 1, after: null, pass_started_at: 0, found: false };
  expect(WatchTurn.parse({ ...watch, wait_seconds: 0 })).toMatchObject({ turns: 0, part: 0 });
});
