import { WRITES } from './dynamodb-actions.ts';

/** Where a function is to be stopped: at the so many-th of certain writes to DynamoDB from now on, before or after it. */
export type Breakpoint = {
  function: string;
  /** Only writes whose request has this text, e.g. `"TableName":"messages"`. */
  containing: string;
  write: number;
  when: 'before' | 'after';
};

/**
 * Stops one function in the middle of one write, for good: it gets no answer. Whoever set it then kills the function,
 * and has tried out a death at exactly this place.
 */
export function createBreakpoint() {
  let wanted: Breakpoint | undefined;
  let seen = 0;
  let isHit = false;
  const forever = new Promise<never>(() => {});
  return {
    set(breakpoint: Breakpoint | undefined): void {
      wanted = breakpoint;
      seen = 0;
      isHit = false;
    },
    isHit: (): boolean => isHit,
    /** Carries a call out, unless the function is to stop here. */
    async around<T>(principal: string, operation: string, body: Buffer, run: () => Promise<T>): Promise<T> {
      if (wanted?.function !== principal || isHit || !WRITES.includes(operation)) return run();
      if (!body.includes(wanted.containing)) return run();
      seen += 1;
      if (seen !== wanted.write) return run();
      isHit = true;
      if (wanted.when === 'after') await run();
      return forever;
    },
  };
}
export type BreakpointControl = ReturnType<typeof createBreakpoint>;
