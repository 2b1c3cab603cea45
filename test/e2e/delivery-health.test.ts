import { DescribeExecutionCommand, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { MAX_TURNS } from '../../shared/webhooks/go-on.ts';
import { dashboardOf } from '../support/dashboard.ts';
import { awsOf, count, enable, endpointOf, isCalm, messagesArrive, storedEvents } from '../support/delivery.ts';
import { eventually, type Received, type RunningStack, startStack } from '../support/local-stack.ts';
import { metaWebhooks, textTo } from '../support/meta-webhooks.ts';
import { addBrand } from '../support/second-brand.ts';
import { itemsOf } from '../support/tenant.ts';

const EXTERNAL = '/v1/whatsapp/external';
let stack: RunningStack;
beforeAll(async () => {
  stack = await startStack();
}, 120_000);
afterAll(() => stack?.stop());
beforeEach(async () => {
  await stack.receiver.clear();
  await stack.receiver.behave({ mode: 'ok' });
});

const events = () => storedEvents(stack);
const arrivals = (event_type = 'message.received') => stack.receiver.received({ event_type });
const idOf = ({ headers }: Received) => headers['x-quixess-event-id'] ?? '';
const call = async (method: string, path: string, body?: unknown) => {
  const response = await stack.api(method, `${EXTERNAL}${path}`, { body });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
/** Advances until it is so: what waits for a time waits for it in steps. */
const inTime = <T>(read: () => Promise<T>, passes: (value: T) => boolean, stepSeconds: number) =>
  eventually(
    async () => {
      const value = await read();
      if (!passes(value) && (await isCalm(stack))) await stack.control.advance(stepSeconds);
      return value;
    },
    passes,
    30_000,
  );

test('an endpoint that fails is not called for new events, is probed, and gets all that was held once it works', async () => {
  await stack.receiver.behave({ mode: 'status', status: 500 });
  await messagesArrive(stack, 12);
  await eventually(events, (all) => all.length === 12);
  await eventually(
    () => endpointOf(stack),
    (endpoint) => endpoint?.state === 'open',
  );
  // Each environment looks at the endpoint every 2 s: from then on all of them know.
  await stack.control.advance(3);
  const before = (await arrivals()).filter(({ headers }) => headers['x-quixess-attempt'] === '1').length;
  await messagesArrive(stack, 10, 'while it is open');
  const held = await eventually(events, (all) => all.length === 22);
  expect(count(held, 'held')).toBeGreaterThanOrEqual(10);
  // At most ten first attempts were needed to see it, and no more after that.
  expect((await arrivals()).filter(({ headers }) => headers['x-quixess-attempt'] === '1')).toHaveLength(before);
  expect(count(held, 'retrying')).toBeLessThanOrEqual(10);

  await stack.receiver.behave({ mode: 'ok' });
  await inTime(
    () => endpointOf(stack),
    (endpoint) => endpoint?.state === 'closed',
    10,
  );
  const all = await inTime(events, (found) => count(found, 'delivered') === 22, 20);
  for (const { attempts } of all) {
    expect(attempts.map(({ number }) => number)).toEqual(attempts.map((_, index) => index + 1));
    expect(attempts.every(({ run }) => run === 1)).toBe(true);
  }
  const [recovered] = await eventually(
    () => arrivals('endpoint.recovered'),
    (found) => found.length > 0,
  );
  expect(JSON.parse(recovered?.body ?? '').data).toHaveProperty('unavailable_since');
  await inTime(
    async () => ({ endpoint: await endpointOf(stack), executions: await stack.control.executions() }),
    ({ endpoint, executions }) => endpoint?.heldFrom === undefined && executions.running === 0,
    30,
  );
}, 120_000);

test('410 disables it; what comes then is held, a replay is refused, and enabling releases it', async () => {
  const known = new Set((await events()).map(({ eventId }) => eventId));
  const fresh = async () => (await events()).filter(({ eventId }) => !known.has(eventId));
  await stack.receiver.behave({ mode: 'status', status: 410 });
  await messagesArrive(stack, 1);
  const [gone] = await eventually(fresh, ([event]) => event?.status === 'failed');
  expect(gone?.attempts).toHaveLength(1);
  expect(await endpointOf(stack)).toMatchObject({ state: 'disabled', reason: 'gone' });
  await stack.receiver.behave({ mode: 'ok' });
  await stack.control.advance(3); // until every container has seen it
  await messagesArrive(stack, 3);
  await eventually(fresh, (all) => count(all, 'held') === 3);
  const [disabled] = await eventually(
    () => storedEvents(stack, 'endpoint.disabled'),
    (all) => all.length === 1,
  );
  expect(disabled).toMatchObject({ status: 'held', event: { data: { reason: 'gone' } } });

  const refused = await call('POST', `/webhooks/events/${gone?.eventId}/replay`);
  expect(refused).toMatchObject({ status: 409, body: { code: 'endpoint_disabled' } });
  expect(await call('POST', '/webhooks/test')).toMatchObject({ status: 409 });
  expect(await call('POST', '/webhooks/recoveries', { dry_run: true })).toMatchObject({ status: 409 });

  await enable(stack, true);
  await inTime(fresh, (all) => count(all, 'delivered') === 3, 5);
  await eventually(
    () => arrivals('endpoint.disabled'),
    (found) => found.length === 1,
  );
  // What was given up is not released: somebody has to want it.
  expect(count(await fresh(), 'failed')).toBe(1);
}, 90_000);

test('after 410 and another URL all goes to the new one, though the containers knew the old one a moment ago', async () => {
  const known = new Set((await events()).map(({ eventId }) => eventId));
  const fresh = async () => (await events()).filter(({ eventId }) => !known.has(eventId));
  const owner = await dashboardOf(stack, 'owner@demo.example');
  const [connection] = await itemsOf(stack, 'connections');
  /** And lets every container see it. */
  const moveTo = async (path: string) => {
    const webhook_url = `${stack.tenant_receiver_url}${path}`;
    const moved = await owner('PATCH', `/whatsapp/connections/${connection?.connectionId}`, { webhook_url });
    expect(moved.status).toBe(200);
    await stack.control.advance(3);
  };
  await stack.receiver.behave({ mode: 'status', status: 410 });
  await stack.receiver.behave({ mode: 'ok', path: '/webhooks/moved' });
  await messagesArrive(stack, 1);
  await eventually(fresh, ([event]) => event?.status === 'failed');
  await stack.control.advance(3); // until every container has seen it
  await messagesArrive(stack, 5);
  await eventually(fresh, (all) => count(all, 'held') === 5);

  await moveTo('/webhooks/moved');
  await messagesArrive(stack, 5, 'after the move');
  const all = await inTime(fresh, (found) => found.length === 11 && count(found, 'held') === 0, 5);
  expect([count(all, 'failed'), count(all, 'delivered')]).toEqual([1, 10]);
  expect(await endpointOf(stack)).toMatchObject({ state: 'closed' });
  await stack.receiver.behave({ mode: 'ok' });
  await moveTo('/webhooks/quixess');
}, 90_000);

test('webhook.test arrives signed and is listed', async () => {
  const { status, body } = await call('POST', '/webhooks/test');
  expect(status).toBe(202);
  const [received] = await eventually(
    () => arrivals('webhook.test'),
    (found) => found.length === 1,
  );
  expect(received).toMatchObject({ signature_valid: true });
  expect(received && idOf(received)).toBe(body.id);
  await eventually(
    () => storedEvents(stack, 'webhook.test'),
    ([event]) => event?.status === 'delivered',
  );
}, 30_000);

test('a replay of a delivered event is a further run; of one on its ladder it brings the next attempt forward', async () => {
  await messagesArrive(stack, 1);
  const [first] = await eventually(arrivals, (found) => found.length === 1);
  const id = idOf(first!);
  const stored = async () => (await events()).find(({ eventId }) => eventId === id);
  await eventually(stored, (event) => event?.status === 'delivered');
  expect(await call('POST', `/webhooks/events/${id}/replay`)).toMatchObject({
    status: 202,
    body: { run: 2, attempt: 1 },
  });
  const [, again] = await eventually(arrivals, (found) => found.length === 2);
  expect(again?.headers).toMatchObject({
    'x-quixess-event-id': id,
    'x-quixess-replay': 'true',
    'x-quixess-attempt': '1',
  });
  await eventually(stored, (event) => event?.status === 'delivered' && event.run === 2);

  await stack.receiver.clear();
  await stack.receiver.behave({ mode: 'status', status: 500, times: 4 });
  await messagesArrive(stack, 1);
  await eventually(arrivals, (found) => found.length === 3); // the rungs of 1 and 5 seconds
  const forward = (await arrivals())[0]!;
  // The third has arrived and may not have been written down.
  await eventually(events, (all) => all.some((one) => one.eventId === idOf(forward) && one.attempts.length === 3));
  // The next would come 30 s later.
  expect(await call('POST', `/webhooks/events/${idOf(forward)}/replay`)).toMatchObject({
    body: { run: 1, attempt: 4 },
  });
  await eventually(arrivals, (found) => found.length >= 4);
  const event = await inTime(
    async () => (await events()).find(({ eventId }) => eventId === idOf(forward)),
    (found) => found?.status === 'delivered',
    40,
  );
  expect(event?.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  expect(event?.run).toBe(1);
}, 60_000);

test.each(['evt_00000000000000000000000000', 'nonsense'])('a replay of %s is 404', async (id) => {
  expect(await call('POST', `/webhooks/events/${id}/replay`)).toMatchObject({
    status: 404,
    body: { code: 'event_not_found' },
  });
});

test('a recovery counts in a dry run, delivers each event once, tells how far it is, and can be cancelled', async () => {
  const delivered = count(await events(), 'delivered');
  const filter = { statuses: ['delivered'], types: ['message.received'] };
  const dry = await call('POST', '/webhooks/recoveries', { ...filter, dry_run: true, rate_per_second: 10 });
  expect(dry).toMatchObject({
    status: 200,
    body: { count: delivered, count_is_exact: true, rate_per_second: 10, estimated_seconds: Math.ceil(delivered / 10) },
  });
  const [one, two] = [
    await call('POST', '/webhooks/recoveries', filter),
    await call('POST', '/webhooks/recoveries', filter),
  ];
  expect(one).toMatchObject({ status: 202, body: { status: 'running', count: delivered } });
  // Asked twice while it runs: the same one. (It may be over so soon that there is nothing to find.)
  if (two.body.status === 'running') expect(two.body.id).toBe(one.body.id);
  const job = await inTime(
    () => call('GET', `/webhooks/recoveries/${one.body.id}`),
    ({ body }) => body.status === 'completed',
    5,
  );
  expect(job.body).toMatchObject({ enqueued: delivered });
  const perEvent = await inTime(
    async () => Map.groupBy(await arrivals(), idOf),
    ({ size }) => size === delivered,
    5,
  );
  await eventually(events, (all) => all.every(({ status }) => status === 'delivered' || status === 'failed'));
  for (const [, copies] of perEvent) expect(copies).toHaveLength(1);

  const slow = await call('POST', '/webhooks/recoveries', { ...filter, rate_per_second: 1 });
  await call('POST', `/webhooks/recoveries/${slow.body.id}/cancel`);
  expect(await call('GET', `/webhooks/recoveries/${slow.body.id}`)).toMatchObject({ body: { status: 'cancelled' } });
}, 90_000);

test('a recovery whose execution is full goes on in another', async () => {
  const filter = { statuses: ['delivered'], types: ['message.received'], rate_per_second: 1 };
  const { id } = (await call('POST', '/webhooks/recoveries', filter)).body as { id: string };
  const machine = 'arn:aws:states:eu-central-1:111111111111:stateMachine:quixess-local-event-recovery';
  const executionArn = (name: string) => `${machine.replace(':stateMachine:', ':execution:')}:${name}`;
  const aws = awsOf(stack);
  try {
    await aws.stepFunctions.send(new StopExecutionCommand({ executionArn: executionArn(id) }));
    const full = { recovery_id: id, brand_id: stack.brand_id, wait_seconds: 0, turns: MAX_TURNS, part: 4 };
    await aws.stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn: machine, name: `${id}.4`, input: JSON.stringify(full) }),
    );
    await inTime(
      () => call('GET', `/webhooks/recoveries/${id}`),
      ({ body }) => body.status === 'completed',
      10,
    );
    for (const part of [4, 5])
      await eventually(
        () => aws.stepFunctions.send(new DescribeExecutionCommand({ executionArn: executionArn(`${id}.${part}`) })),
        ({ status }) => status === 'SUCCEEDED',
      );
  } finally {
    aws.close();
  }
}, 60_000);

// The last one: what it leaves behind goes on for hours. With figures: npm run bench:dead-tenant.
test("while one tenant's endpoint hangs, events of another arrive before its first attempt is over", async () => {
  const dead = await addBrand(stack, undefined, '/webhooks/dead');
  const well = await addBrand(stack, undefined, '/webhooks/well');
  await stack.receiver.behave({ mode: 'hang', path: '/webhooks/dead' });
  const meta = metaWebhooks(stack);
  const tells = (number: string, ids: readonly string[]) =>
    Promise.all(ids.map((id) => meta.post(meta.bodyOf([textTo(number, id)]))));
  await tells(
    dead.phoneNumberId,
    Array.from({ length: 12 }, (_, index) => `wamid.OFDEAD${index}`),
  );
  const ids = Array.from({ length: 4 }, (_, index) => `wamid.OFWELL${index}`);
  for (const id of ids) await tells(well.phoneNumberId, [id]);
  const isOfWell = ({ body }: Received) => ids.some((id) => body.includes(`"${id}"`));
  const arrived = await eventually(arrivals, (found) => found.filter(isOfWell).length === ids.length, 30_000);
  // Its own come to their end 15 s after they began.
  const [first] = await eventually(
    async () => (await storedEvents(stack)).filter(({ brandId }) => brandId === dead.brandId),
    (found) => found.some(({ attempts }) => attempts.length > 0),
    40_000,
  );
  const { at: begunAt = 0, durationMs = 0, errorClass } = first?.attempts[0] ?? {};
  expect(errorClass).toBe('timeout');
  for (const { received_at } of arrived.filter(isOfWell))
    expect(Date.parse(received_at)).toBeLessThan(begunAt + durationMs);
}, 90_000);
