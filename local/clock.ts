import type { DatabaseSync } from 'node:sqlite';
import { createHeap } from './aws/heap.ts';

/** Marks where virtual time stood at a moment of real time, both in ms since 1970. */
type Anchor = { virtual: number; real: number };
type Timer = { due: number; order: number; callback: () => void; isCancelled: boolean };

/** setTimeout keeps its delay in 32 bits; longer ones fire at once. */
const LONGEST_REAL_DELAY_MS = 2 ** 31 - 1;
/** How far ahead the stored time is while time runs at another speed than real; see `store`. */
const LEASE_REAL_MS = 200;

/**
 * Time of the whole local stack: waits, delays, visibility and retention all follow it. Starts at real time, real
 * speed. What was gained by `advance` and `setScale` is kept in `database`: after a restart time goes on from there
 * (real time passed meanwhile), at real speed, and never goes back.
 */
export function virtualClock(database: DatabaseSync) {
  database.exec('CREATE TABLE IF NOT EXISTS clock (id INTEGER PRIMARY KEY CHECK (id = 1), virtual REAL, real REAL)');
  const save = database.prepare('INSERT OR REPLACE INTO clock (id, virtual, real) VALUES (1, ?, ?)');
  const row = database.prepare('SELECT virtual, real FROM clock').get();
  let anchor: Anchor = row
    ? { virtual: Number(row.virtual), real: Number(row.real) }
    : { virtual: Date.now(), real: Date.now() };
  let scale = 1;
  let latest = Number.NEGATIVE_INFINITY;
  let order = 0;
  const timers = createHeap<Timer>(
    (a, b) => a.due < b.due || (a.due === b.due && a.order < b.order),
    (timer) => timer.isCancelled,
  );
  let wakeUp: NodeJS.Timeout | undefined;
  let lease: NodeJS.Timeout | undefined;

  /** Clamped: a step back of the system's clock must not turn virtual time back. */
  const now = (): number => {
    const elapsed = Math.max(0, Date.now() - anchor.real);
    latest = Math.max(latest, Math.floor(anchor.virtual + elapsed * scale));
    return latest;
  };
  /**
   * At real speed the anchor alone tells the time after a crash. At another speed the moment of the crash would have to
   * be known, so a point shortly ahead is stored: a restart goes on from there and may skip a little, never go back.
   */
  const store = (): void => {
    clearInterval(lease);
    lease = undefined;
    if (scale === 1) return void save.run(anchor.virtual, anchor.real);
    const ahead = () => save.run(now() + 2 * LEASE_REAL_MS * scale, Date.now() + 2 * LEASE_REAL_MS);
    ahead();
    lease = setInterval(ahead, LEASE_REAL_MS).unref();
  };
  const arm = (): void => {
    clearTimeout(wakeUp);
    const next = timers.peek();
    if (!next) return;
    const delay = next.due <= now() ? 0 : Math.ceil((next.due - now()) / scale);
    wakeUp = setTimeout(fire, Math.min(delay, LONGEST_REAL_DELAY_MS)).unref();
  };
  const fire = (): void => {
    const time = now();
    // A timer that a callback sets for now waits for the next turn: one that sets itself again must not shut everyone
    // else out. One set for an earlier time fires in this turn: so a schedule catches up with the time that was skipped.
    const newest = order;
    const isDue = (timer: Timer): boolean => timer.due < time || (timer.due === time && timer.order < newest);
    for (let next = timers.peek(); next && isDue(next); next = timers.peek()) {
      timers.pop();
      next.isCancelled = true;
      // One broken callback must not hold up the timers behind it; it surfaces as an uncaught exception.
      try {
        next.callback();
      } catch (error) {
        process.nextTick(() => {
          throw error;
        });
      }
    }
    arm();
  };
  const moveTo = (virtual: number, newScale: number): void => {
    anchor = { virtual, real: Date.now() };
    scale = newScale;
    store();
    fire();
  };
  store();

  return {
    /** Virtual ms since 1970. */
    now,
    get scale() {
      return scale;
    },
    /** Virtual seconds per real second; 0 stops time, then only `advance` moves it. */
    setScale(newScale: number): void {
      if (!(newScale >= 0 && Number.isFinite(newScale))) throw new RangeError('scale must be a number of 0 or more');
      moveTo(now(), newScale);
    },
    /** Jumps ahead; timers that are now due fire before it returns, in the order they were due. */
    advance(ms: number): void {
      if (!(ms >= 0 && Number.isFinite(ms))) throw new RangeError('time only goes forward: ms must be 0 or more');
      moveTo(now() + ms, scale);
    },
    /** Calls back once, never before `now()` has reached the due time, which may be past. @returns what cancels it */
    setTimeout(callback: () => void, delayMs: number): () => void {
      const timer = { due: now() + delayMs, order: order++, callback, isCancelled: false };
      timers.push(timer);
      if (timers.peek() === timer) arm();
      return () => {
        if (timer.isCancelled) return;
        timer.isCancelled = true;
        timers.noteStale();
      };
    },
    sleep(ms: number): Promise<void> {
      return new Promise((resolve) => {
        this.setTimeout(resolve, ms);
      });
    },
    /** Drops all timers. Call before the database is closed. */
    stop(): void {
      clearTimeout(wakeUp);
      clearInterval(lease);
      timers.clear();
      if (scale !== 1) save.run(now(), Date.now());
    },
  };
}
export type Clock = ReturnType<typeof virtualClock>;
