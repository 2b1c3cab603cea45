import { stageConfig } from '../infra/config.ts';
import { memoryEndpoints, memoryEvents } from '../test/soak/memory-stores.ts';
import { backlogWorld, memoryRecoveries, START } from '../test/support/backlog-world.ts';
import type { Figure } from './figure.ts';

const { eventsPerSecond, inFlightPerContainer, slowConcurrency, laddersPerEndpoint } = stageConfig('prod').delivery;
const HALF = eventsPerSecond / 2;
const EVENTS = 2000;

/** Two recoveries and a release of one endpoint, begun 3 s apart; the first turn of one of them dies half-way. */
export async function backlogFigures(): Promise<Figure[]> {
  const stores = { endpoints: memoryEndpoints().store, events: memoryEvents().store, recoveries: memoryRecoveries() };
  const inFlight = inFlightPerContainer.slow * slowConcurrency;
  const world = backlogWorld(stores, { perSecond: eventsPerSecond, inFlight, ladders: laddersPerEndpoint }, '01');
  await world.store('failed', 'message.received', EVENTS);
  await world.store('failed', 'message.sent', EVENTS);
  await world.store('held', 'message.received', EVENTS);
  await world.recovery('rec_a', 'message.received', 0, 100);
  await world.release(3);
  await world.recovery('rec_b', 'message.sent', 6, 100);
  let deaths = 0;
  world.kill((job) => job === 'rec_b' && deaths++ === 0);
  await world.run(1000);
  const [most, seconds] = [Math.max(...world.shown.values()), Math.max(...world.shown.keys()) + 1 - START / 1000];
  return [
    { name: 'of one endpoint two recoveries and a release send a second, at most', value: most, goal: HALF, unit: '' },
    { name: `seconds until all ${3 * EVENTS} are sent`, value: seconds, goal: null, unit: '' },
    { name: 'the same ÷ what half of the rate takes', value: seconds / ((3 * EVENTS) / HALF), goal: null, unit: '×' },
    { name: 'events that were not sent', value: 3 * EVENTS - world.sent.size, goal: 0, unit: '' },
  ];
}
