import { deadTenant, quantile } from './dead-tenant.ts';
import type { Figure } from './figure.ts';
import { retryPrecision } from './retry-precision.ts';
import { OPEN_EXECUTIONS, STARTS_A_SECOND, scale } from './scale.ts';

export const SEED = 7;

/** @param seconds of virtual time; the tenant dies an eighth into it */
export async function deadTenantFigures(seconds = 240): Promise<Figure[]> {
  const common = { seed: SEED, tenants: 10, perSecond: 2, timesAsMuch: 10, seconds };
  const well = await deadTenant({ ...common, deadFrom: null });
  const ill = await deadTenant({ ...common, deadFrom: seconds / 8 });
  return [
    { name: "events of the others' that did not arrive", value: well.missing + ill.missing, goal: 0, unit: '' },
    { name: "the others' p95, all are well", value: well.p95, goal: null, unit: 'ms' },
    { name: "the others' p95, one is dead", value: ill.p95, goal: null, unit: 'ms' },
    { name: "the others' p99, one is dead", value: ill.p99, goal: 1000, unit: 'ms' },
    { name: "the others' p95 with a dead one ÷ without", value: ill.p95 / well.p95, goal: 1.2, unit: '×' },
    { name: "the others' p99 with a dead one ÷ without", value: ill.p99 / well.p99, goal: 2, unit: '×' },
    { name: 'ladders of the dead one at once', value: ill.peakLadders, goal: 500, unit: '' },
  ];
}

export async function retryFigures(): Promise<Figure[]> {
  const rungs = await retryPrecision(SEED);
  return rungs.flatMap(({ seconds, earliest, p99 }): Figure[] => [
    {
      name: `late at the rung of ${seconds} s, p99`,
      value: 1000 * p99,
      goal: 1000 * Math.max(1, 0.05 * seconds),
      unit: 'ms',
    },
    { name: `early at the rung of ${seconds} s, at most`, value: Math.max(0, -1000 * earliest), goal: 0, unit: 'ms' },
  ]);
}

export function scaleFigures(): Figure[] {
  const { waits, ...found } = scale(SEED);
  return [
    { name: 'open executions, most at once', value: found.peakOpen, goal: 100_000, unit: '' },
    { name: `share of AWS's quota of open executions`, value: found.peakOpen / OPEN_EXECUTIONS, goal: 1, unit: '' },
    { name: 'ladders started in one second', value: found.peakStarts, goal: STARTS_A_SECOND, unit: '' },
    { name: 'batches of the fast lane at once', value: found.peakSlots, goal: null, unit: '' },
    { name: 'cold ramp: seconds until the backlog is gone', value: found.caughtUpAt / 1000, goal: null, unit: '' },
    { name: 'cold ramp: longest backlog, events', value: found.peakBacklog, goal: null, unit: '' },
    { name: "the others' wait for a slot, p99: all well", value: quantile(waits.well, 0.99), goal: null, unit: 'ms' },
    { name: "the others' wait for a slot, p99: one dead", value: quantile(waits.ill, 0.99), goal: 1000, unit: 'ms' },
    { name: "the others' longest wait for a slot: one dead", value: quantile(waits.ill, 1), goal: null, unit: 'ms' },
    { name: "the others' wait for a slot, p99: flood", value: quantile(waits.flood, 0.99), goal: 1000, unit: 'ms' },
    { name: 'events held for the dead one', value: found.held, goal: null, unit: '' },
    { name: 'hours to release them at half its rate', value: found.releaseHours, goal: null, unit: '' },
  ];
}
