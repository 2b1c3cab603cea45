import { createHeap } from '../../local/aws/heap.ts';

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Timer = { due: number; order: number; then: () => void; isCancelled: boolean };

/** Time that passes only when nobody has anything to do: hours take milliseconds, and every run with a seed is the same. */
export function virtualWorld(seed: number, startAt: number) {
  const random = seeded(seed);
  const timers = createHeap<Timer>(
    (a, b) => a.due < b.due || (a.due === b.due && a.order < b.order),
    (timer) => timer.isCancelled,
  );
  let time = startAt;
  let order = 0;
  const after = (ms: number, then: () => void): (() => void) => {
    const timer = { due: time + ms, order: order++, then, isCancelled: false };
    timers.push(timer);
    return () => {
      if (timer.isCancelled) return;
      timer.isCancelled = true;
      timers.noteStale();
    };
  };
  return {
    random,
    now: (): number => time,
    after,
    sleep: (ms: number) => new Promise<void>((resolve) => void after(ms, resolve)),
    /** Runs until nothing is left to be done, or until a time. @returns whether something would still go on */
    async run(until: number): Promise<boolean> {
      for (let timer = timers.peek(); timer; timer = timers.peek()) {
        if (timer.due > until) return true;
        timers.pop();
        timer.isCancelled = true;
        time = Math.max(time, timer.due);
        timer.then();
        // Lets everything that follows from it happen at this time.
        await new Promise((resolve) => setImmediate(resolve));
      }
      return false;
    },
  };
}
export type World = ReturnType<typeof virtualWorld>;
