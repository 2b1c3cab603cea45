import * as z from 'zod';
import type { ReceiverStore } from './store.ts';

/** `PUT /_behavior`: how the next deliveries are answered. */
export const Behavior = z.strictObject({
  mode: z.enum(['ok', 'status', 'hang', 'reset', 'redirect', 'slow']),
  /** For `status` (default 500), `redirect` (default 302) and `slow` (default 200). */
  status: z.int().min(200).max(599).optional(),
  /** After that many deliveries back to `ok`; absent: until changed. */
  times: z.int().min(1).optional(),
  /** Value of `Retry-After`: seconds, or a date as a string. */
  retry_after: z.union([z.int().min(0), z.string()]).optional(),
  /** How long `slow` waits, real milliseconds. */
  delay_ms: z.int().min(0).max(600_000).optional(),
  /** Where `redirect` points; default is another path of this receiver, so that a followed redirect would show. */
  location: z.string().optional(),
  /** Body of the answer. */
  body: z.string().optional(),
  /** Only for this path, such as `/webhooks/other`; absent: for all that have none of their own. */
  path: z.string().startsWith('/').optional(),
});

export type Behavior = z.infer<typeof Behavior>;

/** Longer than the 15 s a delivery may take (contract §7). */
const DEFAULT_SLOW_MS = 20_000;

/** What is done with one delivery; `status` null: no answer ever. */
export type Answer = {
  status: number | null;
  isReset: boolean;
  delayMs: number;
  headers: Record<string, string>;
  body: string;
};

/** Behaviour by path; survives a restart. Kept in memory too, because it is asked for at each delivery. */
export function behaviorStore(store: ReceiverStore, origin: () => string) {
  const cache = new Map<string, Behavior | null>();
  const keyOf = (path: string | undefined) => `behavior:${path ?? ''}`;
  const read = (key: string): Behavior | null => {
    let behavior = cache.get(key);
    if (behavior === undefined) {
      behavior = Behavior.nullable().default(null).parse(store.readSetting(key));
      cache.set(key, behavior);
    }
    return behavior;
  };
  const write = (key: string, behavior: Behavior | null): void => {
    cache.set(key, behavior);
    store.writeSetting(key, behavior);
  };
  return {
    set: (behavior: Behavior): void => write(keyOf(behavior.path), behavior),
    reset(): void {
      cache.clear();
      store.removeSettings('behavior:');
    },
    current: (path?: string): Behavior => read(keyOf(path)) ?? { mode: 'ok' },
    /** The answer to one delivery; uses up one of `times`. */
    next(path: string): Answer {
      const key = read(keyOf(path)) === null ? keyOf(undefined) : keyOf(path);
      const behavior = read(key) ?? { mode: 'ok' };
      if (behavior.times === 1) write(key, null);
      else if (behavior.times !== undefined) write(key, { ...behavior, times: behavior.times - 1 });
      return answerOf(behavior, origin());
    },
  };
}

function answerOf(behavior: Behavior, origin: string): Answer {
  const { mode, status, retry_after, delay_ms, location, body = '' } = behavior;
  const retryAfter: Record<string, string> = retry_after === undefined ? {} : { 'retry-after': String(retry_after) };
  const answer: Answer = { status: 200, isReset: false, delayMs: 0, headers: retryAfter, body };
  switch (mode) {
    case 'ok':
      return answer;
    case 'status':
      return { ...answer, status: status ?? 500 };
    case 'hang':
      return { ...answer, status: null };
    case 'reset':
      return { ...answer, status: null, isReset: true };
    case 'redirect':
      return { ...answer, status: status ?? 302, headers: { location: location ?? `${origin}/webhooks/redirected` } };
    case 'slow':
      return { ...answer, status: status ?? 200, delayMs: delay_ms ?? DEFAULT_SLOW_MS };
  }
}
