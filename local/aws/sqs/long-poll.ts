import type { Clock } from '../../clock.ts';
import type { Messages, Taken } from './messages.ts';
import type { Queue } from './queues.ts';

export type Poll = {
  max: number;
  waitSeconds: number;
  visibilityTimeoutSeconds?: number;
  signal?: AbortSignal;
};
type Waiter = Poll & { answer(taken: Taken[]): void };

/** Receives that wait: served in the order they came, as soon as something is visible. */
export function createLongPoll(messages: Messages, clock: Clock) {
  const waiters = new Map<Queue, Waiter[]>();
  const alarms = new Map<Queue, { at: number; cancel: () => void }>();

  /** Rings when the next hidden message of a queue becomes visible, while someone waits for it. */
  const setAlarm = (queue: Queue): void => {
    const at = waiters.has(queue) ? queue.index.nextDueAt() : undefined;
    const alarm = alarms.get(queue);
    if (alarm && alarm.at === at) return;
    alarm?.cancel();
    alarms.delete(queue);
    if (at === undefined) return;
    const ring = () => {
      alarms.delete(queue);
      serve(queue);
    };
    alarms.set(queue, { at, cancel: clock.setTimeout(ring, at - clock.now()) });
  };
  const serve = (queue: Queue): void => {
    messages.settle(queue);
    for (let line = waiters.get(queue); line?.[0] && queue.index.counts.visible > 0; line = waiters.get(queue)) {
      const [first] = line;
      const before = queue.index.counts.visible;
      const taken = take(queue, first);
      if (taken.length > 0) first.answer(taken);
      else if (queue.index.counts.visible === before) break;
    }
    setAlarm(queue);
  };
  /** Taking may move messages to the dead-letter queue, where someone may wait for them. */
  const take = (queue: Queue, poll: Poll): Taken[] => {
    const target = messages.deadLetterQueueOf(queue);
    const before = target?.index.counts.visible;
    const taken = messages.take(queue, poll.max, poll.visibilityTimeoutSeconds);
    if (target && target.index.counts.visible !== before && waiters.has(target)) serve(target);
    return taken;
  };
  const leave = (queue: Queue, waiter: Waiter): void => {
    const line = (waiters.get(queue) ?? []).filter((other) => other !== waiter);
    if (line.length > 0) waiters.set(queue, line);
    else waiters.delete(queue);
  };

  return {
    /** Call whenever messages of a queue may have become visible. */
    serve(queue: Queue): void {
      if (waiters.has(queue)) serve(queue);
    },
    async receive(queue: Queue, poll: Poll): Promise<Taken[]> {
      if (poll.signal?.aborted) return [];
      const taken = take(queue, poll);
      if (taken.length > 0 || poll.waitSeconds === 0) return taken;
      return new Promise((resolve) => {
        const answer = (messages: Taken[]): void => {
          cancelTimeout();
          poll.signal?.removeEventListener('abort', giveUp);
          leave(queue, waiter);
          resolve(messages);
        };
        const giveUp = () => answer([]);
        const waiter: Waiter = { ...poll, answer };
        const cancelTimeout = clock.setTimeout(giveUp, poll.waitSeconds * 1000);
        poll.signal?.addEventListener('abort', giveUp);
        waiters.set(queue, [...(waiters.get(queue) ?? []), waiter]);
        setAlarm(queue);
      });
    },
    /** Answers everyone who waits with no messages. */
    stop(): void {
      for (const alarm of alarms.values()) alarm.cancel();
      for (const line of [...waiters.values()]) for (const waiter of line) waiter.answer([]);
    },
  };
}
export type LongPoll = ReturnType<typeof createLongPoll>;
