import type { Clock } from '../clock.ts';

/**
 * Time for functions: they run in threads of their own, so what `Date` needs there is written into shared memory. A
 * sequence number, odd while the main thread is writing, guards the three numbers against being read half-changed.
 */
const BYTES = 32;
const SEQUENCE = 0; // index into the Int32Array
const VIRTUAL = 1; // indices into the Float64Array; the first 8 bytes hold the sequence
const REAL = 2;
const SCALE = 3;

/**
 * The clock, with its state published for {@link sharedNow}.
 * @returns `clock`, to be used instead of the one given: only its changes reach the functions
 */
export function shareClock(original: Clock): { clock: Clock; time: SharedArrayBuffer } {
  const time = new SharedArrayBuffer(BYTES);
  const sequence = new Int32Array(time, 0, 1);
  const numbers = new Float64Array(time);
  const publish = (virtual: number): void => {
    Atomics.add(sequence, SEQUENCE, 1);
    numbers[VIRTUAL] = virtual;
    numbers[REAL] = Date.now();
    numbers[SCALE] = original.scale;
    Atomics.add(sequence, SEQUENCE, 1);
  };
  publish(original.now());
  const clock: Clock = {
    now: original.now,
    get scale() {
      return original.scale;
    },
    setScale(scale) {
      original.setScale(scale);
      publish(original.now());
    },
    advance(ms) {
      // Before and after: timers fire inside `advance`, and a function that one of them starts must see the new time.
      publish(original.now() + Math.max(0, ms));
      original.advance(ms);
      publish(original.now());
    },
    setTimeout: (callback, delayMs) => original.setTimeout(callback, delayMs),
    sleep: (ms) => original.sleep(ms),
    stop: () => original.stop(),
  };
  return { clock, time };
}

/** Reads virtual time, epoch milliseconds, in any thread. @param realNow real time in that thread */
export function sharedNow(time: SharedArrayBuffer): (realNow: number) => number {
  const sequence = new Int32Array(time, 0, 1);
  const numbers = new Float64Array(time);
  return (realNow) => {
    for (;;) {
      const before = Atomics.load(sequence, SEQUENCE);
      const [, virtual = 0, real = 0, scale = 1] = numbers;
      if (before % 2 === 0 && Atomics.load(sequence, SEQUENCE) === before) {
        return Math.floor(virtual + Math.max(0, realNow - real) * scale);
      }
    }
  };
}
