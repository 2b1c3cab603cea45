import { createHeap } from '../heap.ts';

/** A message as the index knows it; body and attributes stay in the database. Times are virtual ms. */
export type Entry = {
  /** Row in the database. */
  row: number;
  messageId: string;
  /** Message group; all messages without one share the group ''. */
  group: string;
  sentAt: number;
  /** When it came into this queue; differs from `sentAt` in a dead-letter queue. */
  arrivedAt: number;
  /** When it is next visible. */
  dueAt: number;
  firstReceivedAt?: number;
  receivedAt?: number;
  /** Receives in all queues it was in. */
  receiveCount: number;
  /** Receives in this queue, which its redrive policy counts. */
  receivesHere: number;
  /** Last part of its newest receipt handle. */
  receipt?: string;
  /** The queue from which SQS itself moved it here. */
  sourceArn?: string;
};
type State = 'visible' | 'inFlight' | 'delayed' | 'gone';
/** Changes with every change of state, so that what still points to an earlier state is known to be stale. */
type Slot = { entry: Entry; state: State; version: number };
type Reference = { slot: Slot; version: number; dueAt: number };
const refer = (slot: Slot): Reference => ({ slot, version: slot.version, dueAt: slot.entry.dueAt });
const isHidden = (slot: Slot): boolean => slot.state === 'inFlight' || slot.state === 'delayed';
const isStale = ({ slot, version }: Reference): boolean => slot.version !== version;

/** First in, first out, in O(1); `Array.shift` moves everything. */
function createFifo<Item>() {
  let items: Item[] = [];
  let head = 0;
  return {
    get length() {
      return items.length - head;
    },
    push: (item: Item) => void items.push(item),
    shift(): Item | undefined {
      const item = items[head];
      if (head < items.length) head += 1;
      if (head > 1024 && head * 2 > items.length) {
        items = items.slice(head);
        head = 0;
      }
      return item;
    },
  };
}
type Group = { name: string; references: ReturnType<typeof createFifo<Reference>> };

/**
 * Which message of one queue comes next. Nothing here walks over all messages: hidden ones wait in a heap by the time
 * they are due, visible ones in a line per message group, and groups take turns, so a group with a hundred thousand
 * messages delays another's only by one (SQS fair queues).
 */
export function createQueueIndex() {
  const slots = new Map<number, Slot>();
  const hidden = createHeap<Reference>(
    (a, b) => a.dueAt < b.dueAt || (a.dueAt === b.dueAt && a.slot.entry.row < b.slot.entry.row),
    isStale,
  );
  const byAge = createHeap<Slot>(
    (a, b) => a.entry.sentAt < b.entry.sentAt,
    (slot) => slot.state === 'gone',
  );
  const groups = new Map<string, Group>();
  const turns = createFifo<Group>();
  const counts = { visible: 0, inFlight: 0, delayed: 0 };

  const setState = (slot: Slot, state: State): void => {
    if (slot.state !== 'gone') counts[slot.state] -= 1;
    if (state !== 'gone') counts[state] += 1;
    slot.state = state;
    slot.version += 1;
  };
  const show = (slot: Slot): void => {
    setState(slot, 'visible');
    let group = groups.get(slot.entry.group);
    if (!group) {
      group = { name: slot.entry.group, references: createFifo() };
      groups.set(group.name, group);
      turns.push(group);
    }
    group.references.push(refer(slot));
  };
  const hide = (slot: Slot): void => {
    setState(slot, slot.entry.receivesHere > 0 ? 'inFlight' : 'delayed');
    hidden.push(refer(slot));
  };

  return {
    counts: counts as Readonly<typeof counts>,
    get: (row: number): Entry | undefined => slots.get(row)?.entry,
    isVisible: (row: number): boolean => slots.get(row)?.state === 'visible',
    /** Adds a message, or puts one back after its `dueAt` has changed. */
    place(entry: Entry, now: number): void {
      const known = slots.get(entry.row);
      const slot: Slot = known ?? { entry, state: 'gone', version: 0 };
      if (isHidden(slot)) hidden.noteStale();
      if (entry.dueAt > now) hide(slot);
      else show(slot);
      if (known) return;
      slots.set(entry.row, slot);
      byAge.push(slot);
    },
    remove(row: number): void {
      const slot = slots.get(row);
      if (!slot) return;
      if (isHidden(slot)) hidden.noteStale();
      setState(slot, 'gone');
      byAge.noteStale();
      slots.delete(row);
    },
    /** Shows what has become due. */
    promote(now: number): void {
      for (let next = hidden.peek(); next && next.slot.entry.dueAt <= now; next = hidden.peek()) {
        hidden.pop();
        show(next.slot);
      }
    },
    /** The next visible message, groups taking turns. The caller places it again or removes it. */
    next(): Entry | undefined {
      for (let group = turns.shift(); group; group = turns.shift()) {
        let reference = group.references.shift();
        while (reference && isStale(reference)) reference = group.references.shift();
        if (group.references.length > 0) turns.push(group);
        else groups.delete(group.name);
        if (reference) return reference.slot.entry;
      }
      return undefined;
    },
    /** When the next hidden message becomes visible. */
    nextDueAt: (): number | undefined => hidden.peek()?.slot.entry.dueAt,
    /** The oldest message, if it was sent at or before `time`. */
    oldestUpTo(time: number): Entry | undefined {
      const oldest = byAge.peek()?.entry;
      return oldest && oldest.sentAt <= time ? oldest : undefined;
    },
    entries: (): Entry[] => Array.from(slots.values(), (slot) => slot.entry),
  };
}
export type QueueIndex = ReturnType<typeof createQueueIndex>;
