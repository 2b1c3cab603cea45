/**
 * Lets at most `max` pieces of work with the same key run at once in this container; with as many containers as the lane
 * may have, that is the cap in flight of an endpoint.
 */
export function inFlightLimit(max: number) {
  const running = new Map<string, { count: number; waiting: (() => void)[] }>();

  const run = async <T>(key: string, work: () => Promise<T>): Promise<T> => {
    const line = running.get(key) ?? { count: 0, waiting: [] };
    running.set(key, line);
    if (line.count >= max) await new Promise<void>((resolve) => line.waiting.push(resolve));
    line.count += 1;
    try {
      return await work();
    } finally {
      line.count -= 1;
      const next = line.waiting.shift();
      if (next) next();
      else if (line.count === 0) running.delete(key);
    }
  };
  return {
    run,
    /** Nobody has to wait any more: those who do go on, to find out that there is nothing to be called. */
    wake(key: string): void {
      for (const go of running.get(key)?.waiting.splice(0) ?? []) go();
    },
  };
}
export type InFlightLimit = ReturnType<typeof inFlightLimit>;
