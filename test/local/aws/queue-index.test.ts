import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createQueueIndex, type Entry } from '../../../local/aws/sqs/queue-index.ts';

/** What the index must do, said in the simplest way: a list that is searched from end to end. */
type Model = Map<number, { dueAt: number; hasBeenTaken: boolean; isGone: boolean }>;

const entry = (row: number, group: string, dueAt: number, now: number): Entry => ({
  row,
  messageId: String(row),
  group,
  sentAt: now,
  arrivedAt: now,
  dueAt,
  receiveCount: 0,
  receivesHere: 0,
});
const step = fc.oneof(
  fc.record({ kind: fc.constant('send' as const), group: fc.constantFrom('', 'a', 'b', 'c'), delay: fc.nat(5) }),
  fc.record({ kind: fc.constant('take' as const), hideFor: fc.nat(5) }),
  fc.record({ kind: fc.constant('change' as const), pick: fc.nat(), hideFor: fc.nat(5) }),
  fc.record({ kind: fc.constant('remove' as const), pick: fc.nat() }),
  fc.record({ kind: fc.constant('pass' as const), time: fc.nat(4) }),
);

test('whatever happens, it hands out what is visible, counts rightly, and loses nothing', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const index = createQueueIndex();
      const model: Model = new Map();
      let now = 0;
      for (const one of steps) {
        const rows = [...model.keys()];
        if (one.kind === 'send') {
          const row = model.size + 1;
          model.set(row, { dueAt: now + one.delay, hasBeenTaken: false, isGone: false });
          index.place(entry(row, one.group, now + one.delay, now), now);
        } else if (one.kind === 'take') {
          const taken = index.next();
          const known = taken && model.get(taken.row);
          expect(known ? known.dueAt <= now && !known.isGone : visible(model, now) === 0).toBe(true);
          if (taken && known) hide(taken, known, one.hideFor);
        } else if (one.kind === 'change' || one.kind === 'remove') {
          const row = rows[one.pick % (rows.length || 1)];
          const known = row === undefined ? undefined : model.get(row);
          const found = row === undefined ? undefined : index.get(row);
          if (row === undefined || !known || known.isGone || !found) continue;
          if (one.kind === 'change') hide(found, known, one.hideFor);
          else {
            known.isGone = true;
            index.remove(row);
          }
        } else {
          now += one.time;
          index.promote(now);
        }
        const live = [...model.values()].filter(({ isGone }) => !isGone);
        const hidden = live.filter(({ dueAt }) => dueAt > now);
        expect(index.counts).toEqual({
          visible: visible(model, now),
          inFlight: hidden.filter(({ hasBeenTaken }) => hasBeenTaken).length,
          delayed: hidden.filter(({ hasBeenTaken }) => !hasBeenTaken).length,
        });
        expect(index.nextDueAt()).toBe(hidden.length > 0 ? Math.min(...hidden.map(({ dueAt }) => dueAt)) : undefined);
      }

      function hide(found: Entry, known: { dueAt: number; hasBeenTaken: boolean }, hideFor: number): void {
        Object.assign(found, { dueAt: now + hideFor, receivesHere: 1 });
        Object.assign(known, { dueAt: now + hideFor, hasBeenTaken: true });
        index.place(found, now);
      }
    }),
    { numRuns: 300 },
  );
});

function visible(model: Model, now: number): number {
  return [...model.values()].filter(({ dueAt, isGone }) => !isGone && dueAt <= now).length;
}
