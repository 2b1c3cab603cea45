import { p95, SLOW_MS } from './endpoint-health.ts';

/** So many of an endpoint's newest answers are looked at. */
const SAMPLES = 20;
/** Endpoints of which a container keeps the pace. */
const MAX_ENDPOINTS = 1000;

/** Real time, whatever the clock says: how long somebody waits. */
export type Stopwatch = { now: () => number; after: (ms: number, then: () => void) => () => void };
const realTime: Stopwatch = {
  now: () => performance.now(),
  after: (ms, then) => {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

/** How fast endpoints answer, as far as this container saw; nothing of it is stored. */
export function paceKeeper({ now, after }: Stopwatch = realTime) {
  const paces = new Map<string, { durations: number[]; hanging: number }>();
  const paceOf = (connectionId: string) => {
    const pace = paces.get(connectionId) ?? { durations: [], hanging: 0 };
    paces.delete(connectionId);
    paces.set(connectionId, pace);
    if (paces.size > MAX_ENDPOINTS) paces.delete(paces.keys().next().value as string);
    return pace;
  };

  return {
    /** Runs an attempt. @param onHang called when it has taken so long that the endpoint counts as slow, while it still goes on */
    async measure<T>(connectionId: string, onHang: () => void, work: () => Promise<T>): Promise<T> {
      const pace = paceOf(connectionId);
      const startedAt = now();
      let hangs = 0;
      const cancel = after(SLOW_MS, () => {
        hangs = 1;
        pace.hanging += 1;
        onHang();
      });
      try {
        return await work();
      } finally {
        cancel();
        pace.hanging -= hangs;
        pace.durations = [...pace.durations, now() - startedAt].slice(-SAMPLES);
      }
    },
    /** `unknown` as long as there is too little to say that an endpoint is fast again. */
    of(connectionId: string): { lane: 'fast' | 'slow' | 'unknown'; p95Ms: number } {
      const { durations, hanging } = paces.get(connectionId) ?? { durations: [], hanging: 0 };
      const p95Ms = hanging > 0 ? Math.max(SLOW_MS + 1, p95(durations)) : p95(durations);
      if (p95Ms > SLOW_MS) return { lane: 'slow', p95Ms };
      return { lane: durations.length < SAMPLES ? 'unknown' : 'fast', p95Ms };
    },
  };
}
