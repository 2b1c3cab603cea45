import { afterAll, beforeAll, expect, test } from '@jest/globals';

// Before the logger is made: a soak has much to say.
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED = 'true';
const { soak } = await import('../../soak/soak.ts');

/** Metrics write lines of their own. */
const write = console.log;
beforeAll(() => {
  console.log = () => {};
});
afterAll(() => {
  console.log = write;
});

test.each([11, 12, 13])(
  'seed %i: with every kind of receiver, killed functions and copied messages nothing is lost and nothing has two ladders',
  async (seed) => {
    const { problems, kills, count, ladders } = await soak({ seed, events: 1000 });
    expect(problems).toEqual([]);
    // It was a soak: functions died, ladders ran, and most of it arrived.
    expect(kills).toBeGreaterThan(20);
    expect(ladders).toBeGreaterThan(50);
    expect(count.delivered).toBeGreaterThan(700);
  },
  60_000,
);
