import type { World } from './virtual-world.ts';

export type Message<Body> = { id: string; body: Body; receiveCount: number; sentAt: number };
type Outcome = 'done' | 'leave';
type Options<Body> = {
  visibilityMs: number;
  maxReceives: number;
  batchSize: number;
  concurrency: number;
  /** Of so many messages SQS hands out a second copy: "at-least-once delivery". */
  duplicates: number;
  /** Takes a batch; never answers when it was killed. */
  work: (batch: Message<Body>[]) => Promise<Outcome[]>;
  /** Where SQS moves what was refused too often. */
  dead: { message: Message<Body>; source: Queue<Body> }[];
};
export type Queue<Body> = ReturnType<typeof queue<Body>>;

/** A standard queue: unordered, sometimes twice, with redrive to a dead-letter queue. */
export function queue<Body>(
  world: World,
  { visibilityMs, maxReceives, batchSize, concurrency, duplicates, work, dead }: Options<Body>,
) {
  const visible: Message<Body>[] = [];
  let running = 0;
  let serial = 0;
  let waking = false;
  const wake = () => {
    if (waking) return;
    waking = true;
    world.after(1, () => {
      waking = false;
      while (visible.length > 0 && running < concurrency) void take();
    });
  };
  const show = (message: Message<Body>, inMs: number) =>
    void world.after(inMs, () => {
      visible.push(message);
      wake();
    });
  const take = async (): Promise<void> => {
    const batch: Message<Body>[] = [];
    while (visible.length > 0 && batch.length < batchSize) {
      const [picked] = visible.splice(Math.floor(world.random() * visible.length), 1);
      if (!picked) break;
      if (picked.receiveCount >= maxReceives) dead.push({ message: picked, source: self });
      else batch.push({ ...picked, receiveCount: picked.receiveCount + 1 });
    }
    if (batch.length === 0) return;
    for (const message of batch) if (world.random() < duplicates) show({ ...message }, world.random() * 5000);
    running += 1;
    let isOver = false;
    const end = (outcomes: Outcome[]) => {
      if (isOver) return;
      isOver = true;
      running -= 1;
      for (const [index, message] of batch.entries()) if (outcomes[index] !== 'done') show(message, visibilityMs);
      wake();
    };
    // A function that was killed is found out by its timeout at the latest; its messages come back with their visibility.
    world.after(60_000, () => end([]));
    end(await work(batch));
  };
  const self = {
    send: (body: Body, delayMs = 0): void => {
      serial += 1;
      show(
        { id: `${serial}-${Math.floor(world.random() * 1e9)}`, body, receiveCount: 0, sentAt: world.now() + delayMs },
        delayMs,
      );
    },
  };
  return self;
}
