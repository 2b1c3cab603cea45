import { expect, test } from '@jest/globals';
import { watchEndpoint } from '../../../functions/watch-endpoint/watch-endpoint.ts';
import type { Attempted } from '../../../shared/webhooks/attempt.ts';
import type { Delivery } from '../../../shared/webhooks/delivery.ts';
import { endpointGate } from '../../../shared/webhooks/endpoint-gate.ts';
import { backlogRate } from '../../../shared/webhooks/endpoint-health.ts';
import { paceKeeper } from '../../../shared/webhooks/pace.ts';
import { memoryEndpoints, memoryEvents } from '../../soak/memory-stores.ts';
import { connectionTo, freshEvent } from '../../support/lane.ts';

const START = Date.UTC(2026, 10, 22, 12);
const connection = connectionTo('https://tenant.example/');
const nothing = async () => {};
const made = (status: Attempted['status']): Attempted => ({
  status,
  attempt: {
    run: 1,
    number: 1,
    at: START,
    durationMs: 1,
    statusCode: 500,
    errorClass: null,
    response: '',
    nextAttemptAt: null,
  },
});

test('what fails beyond the cap of ladders is held, until one of them has ended', async () => {
  const { store: endpoints } = memoryEndpoints();
  const gate = endpointGate({
    endpoints,
    startWatch: nothing,
    tell: nothing,
    keep: nothing,
    maxLadders: 3,
    now: () => START,
  });
  const target = async () => ({ connection, endpoint: await gate.look(connection) });
  const fails = async () => {
    // Enough goes well for the breaker to stay closed.
    for (let index = 0; index < 3; index += 1) await gate.learn(await target(), made('delivered'), false);
    return gate.learn(await target(), made('retrying'), false);
  };
  expect([await fails(), await fails(), await fails(), await fails()]).toEqual(['go', 'go', 'go', 'hold']);
  await gate.ladderEnded(connection);
  expect([await fails(), await fails()]).toEqual(['go', 'hold']);
  expect(await endpoints.get(connection)).toMatchObject({ state: 'closed', ladders: 3 });
});

test('an open endpoint is probed after 30 s, 1, 2, 5 minutes, and every 5 minutes from then on', async () => {
  const { store: endpoints } = memoryEndpoints();
  const { store: events } = memoryEvents();
  let now = START;
  const { event } = freshEvent(connection, START, 1);
  const item = {
    eventId: event.id,
    brandId: connection.brandId,
    connectionId: connection.connectionId,
    type: event.type,
  };
  await events.insert({ ...item, event, status: 'held', run: 1, attempts: [], createdAt: START });
  const opened = await endpoints.open(connection, START);
  const probes: { at: number; delivery: Delivery | undefined }[] = [];
  const turn = watchEndpoint({
    endpoints,
    events,
    connectionOf: async () => connection,
    startWatch: nothing,
    toSlowLane: async ([delivery]) => void probes.push({ at: (now - START) / 1000, delivery }),
    limits: { perSecond: 100, inFlight: 20, ladders: 500 },
    now: () => now,
  });
  let step = {
    connection_id: connection.connectionId,
    brand_id: connection.brandId,
    watch: opened?.watch ?? 0,
    after: null as string | null,
    pass_started_at: 0,
    found: false,
    wait_seconds: 0,
  };
  while (probes.length < 6) {
    now += step.wait_seconds * 1000;
    step = await turn(step);
  }
  expect(probes.map(({ at }) => at)).toEqual([30, 90, 210, 510, 810, 1110]);
  expect(probes.every(({ delivery }) => delivery?.kind === 'run' && delivery.even_if_open)).toBe(true);
});

test('what a busy brand was delivered before does not hide what is held from the probe', async () => {
  const { store: endpoints } = memoryEndpoints();
  const { store: events } = memoryEvents();
  const { brandId, connectionId } = connection;
  const ids: string[] = [];
  for (let index = 0; index < 2500; index += 1) {
    const { event } = freshEvent(connection, START + index, index);
    const status = index === 2400 ? 'held' : 'delivered';
    const item = { eventId: event.id, brandId, connectionId, type: event.type, event, status, run: 1 } as const;
    await events.insert({ ...item, attempts: [], createdAt: START });
    ids.push(event.id);
  }
  const opened = await endpoints.open(connection, START + 3000);
  const probed: Delivery[] = [];
  let turns = 0;
  const turn = watchEndpoint({
    endpoints,
    // As the table gives them: a hundred looked at, and where to go on from.
    events: {
      ...events,
      part: async (brand, { from, to }, isWanted) => {
        const looked = ids.filter((id) => id >= from && id <= to).slice(0, 100);
        const upTo = looked.length < 100 ? null : (looked.at(-1) ?? null);
        const { events: found } = await events.part(brand, { from, to: upTo ?? to }, isWanted);
        return { events: found, upTo };
      },
    },
    connectionOf: async () => connection,
    startWatch: nothing,
    toSlowLane: async (deliveries) => void probed.push(...deliveries),
    limits: { perSecond: 100, inFlight: 20, ladders: 500 },
    now: () => START + 60_000,
  });
  let step = {
    ...{ connection_id: connectionId, brand_id: brandId, watch: opened?.watch ?? 0 },
    ...{ after: null as string | null, pass_started_at: 0, found: false, wait_seconds: 0 },
  };
  for (; probed.length === 0 && turns < 5; turns += 1) step = await turn(step);
  expect([turns, probed.map((one) => one.kind === 'run' && one.event_id)]).toEqual([2, [ids[2400]]]);
  expect(await endpoints.get(connection)).toMatchObject({ state: 'open', probes: 1 });
  expect(step.after).toBeNull();
});

test.each([
  ['20 fast answers', Array(20).fill(100), 'fast'],
  ['two of 20 above 2 s', [...Array(18).fill(100), 2500, 2500], 'slow'],
  ['one of 20 above 2 s: the p95 is not', [...Array(19).fill(100), 2500], 'fast'],
  ['too few to say', Array(19).fill(100), 'unknown'],
] as const)('the lane of an endpoint: %s', async (_case, durations, lane) => {
  let now = 0;
  const pace = paceKeeper({ now: () => now, after: () => () => {} });
  for (const ms of durations)
    await pace.measure(
      connection.connectionId,
      () => {},
      async () => {
        now += ms;
      },
    );
  expect(pace.of(connection.connectionId).lane).toBe(lane);
});

test.each([
  ['a fast one: half of what it is given', { lane: 'fast' }, 50],
  ['a slow one: half of what its answers leave time for', { lane: 'slow', p95Ms: 4000 }, 2],
  ['a very slow one: never none', { lane: 'slow', p95Ms: 60_000 }, 1],
] as const)('the rate of what is not fresh, %s', (_case, endpoint, rate) => {
  expect(backlogRate({ p95Ms: undefined, ...endpoint }, { perSecond: 100, inFlight: 20 })).toBe(rate);
});
