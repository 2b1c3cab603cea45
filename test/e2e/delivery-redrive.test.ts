import { GetQueueAttributesCommand, SendMessageCommand, StartMessageMoveTaskCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { awsOf, endpointOf, isCalm, messagesArrive, storedEvents } from '../support/delivery.ts';
import { eventually, type Received, type RunningStack, startStack } from '../support/local-stack.ts';
import { itemsOf } from '../support/tenant.ts';

let stack: RunningStack;
let aws: ReturnType<typeof awsOf>;
beforeAll(async () => {
  stack = await startStack();
  aws = awsOf(stack);
}, 120_000);
afterAll(async () => {
  aws?.close();
  await stack?.stop();
});
beforeEach(() => stack.receiver.clear());

const DLQ = 'failed-deliveries';
const arnOf = async (queue: string) => {
  const command = new GetQueueAttributesCommand({ QueueUrl: stack.queues[queue], AttributeNames: ['QueueArn'] });
  return (await aws.sqs.send(command)).Attributes?.QueueArn;
};
/** The console's button; its default leaves the destination out. */
const redriveAll = async (destination?: string) =>
  aws.sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: await arnOf(DLQ),
      ...(destination ? { DestinationArn: await arnOf(destination) } : {}),
    }),
  );
const inDlq = async () => (await stack.control.health()).queues[DLQ]?.visible;
const laddersStarted = async () => Number((await stack.control.executions()).started);
const arrivals = () => stack.receiver.received({ event_type: 'message.received' });
const idOf = ({ headers }: Received) => headers['x-quixess-event-id'];

/** Lets time pass until so many messages are in the dead-letter queue. */
const untilInDlq = (count: number, stepSeconds = 10) =>
  eventually(
    async () => {
      if (await isCalm(stack)) await stack.control.advance(stepSeconds);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return inDlq();
    },
    (visible) => visible === count,
    60_000,
  );
const theEvent = async (id: string | undefined) =>
  (await storedEvents(stack)).find(({ eventId }) => eventId === id) ?? null;
/** Through all eight attempts: a replay brings the next one forward. Then into the dead-letter queue. */
async function exhaust(id: string | undefined): Promise<void> {
  for (let event = await theEvent(id); event?.status !== 'failed'; ) {
    const { length } = event?.attempts ?? [];
    expect((await replay(id)).status).toBe(202);
    event = await eventually(
      () => theEvent(id),
      (now) => now !== null && now.attempts.length > length,
    );
  }
  // Past the breaker's window: what comes next is not to be held.
  await untilInDlq(1, 301);
}
const replay = (id: string | undefined) => stack.api('POST', `/v1/whatsapp/external/webhooks/events/${id}/replay`);
const untilRun = (id: string | undefined, run: number) =>
  eventually(
    () => theEvent(id),
    (event) => event?.run === run && event.status === 'retrying',
  );

test('an exhausted event is redriven by the default, twice in a row, and to other queues: each time one fresh ladder', async () => {
  await stack.receiver.behave({ mode: 'status', status: 500 });
  await messagesArrive(stack, 1);
  const [{ eventId: id } = {}] = await eventually(
    () => storedEvents(stack),
    (found) => found.length === 1,
  );
  await exhaust(id);
  const ladders = await laddersStarted();

  // The default, pressed again and again. The second may be refused: SQS takes one task at a time.
  await redriveAll();
  await redriveAll().catch(() => undefined);
  await untilRun(id, 2);
  await redriveAll();
  await exhaust(id);
  expect(await laddersStarted()).toBe(ladders + 1);

  // To the queues of fresh events and of replays, which pass on what is not theirs.
  for (const [index, destination] of ['deliveries', 'slow-deliveries', 'exhausted-deliveries'].entries()) {
    await redriveAll(destination);
    await untilRun(id, index + 3);
    await exhaust(id);
    expect(await laddersStarted()).toBe(ladders + index + 2);
  }

  // Delivered meanwhile by a replay: a redrive has nothing to do.
  await stack.receiver.behave({ mode: 'ok' });
  expect((await replay(id)).status).toBe(202);
  await eventually(
    () => theEvent(id),
    (one) => one?.status === 'delivered',
  );
  const { length: posts } = await arrivals();
  await redriveAll();
  await eventually(inDlq, (visible) => visible === 0);
  await eventually(() => isCalm(stack), Boolean);
  await stack.control.advance(30);
  expect(await laddersStarted()).toBe(ladders + 4);
  expect(await arrivals()).toHaveLength(posts);
  const last = await theEvent(id);
  for (const run of [1, 2, 3, 4, 5])
    expect(last?.attempts.filter((one) => one.run === run).map(({ number }) => number)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]);
}, 240_000);

/** Each attempt at them dies with its function, until SQS has moved so many messages to the dead-letter queue. */
const crashUntilInDlq = (messages: number) =>
  eventually(
    async () => {
      const { queues, functions } = await stack.control.health();
      const running = (name: string) => Number(functions[name]?.running);
      // Not in the middle of handing over from one lane to the other: that would make a further copy.
      if (running('retry-event') > 0 && running('deliver-event') === 0)
        await stack.control.kill('retry-event', 'running');
      const waiting = ['deliveries', 'slow-deliveries'].reduce((sum, name) => sum + (queues[name]?.visible ?? 0), 0);
      if (waiting === 0 && (await isCalm(stack))) await stack.control.advance(361);
      return inDlq();
    },
    (visible) => visible === messages,
    60_000,
  );

test('messages on which functions crashed, one of them twice in the queue, are redriven with an exhausted one: one ladder each', async () => {
  const known = new Set((await storedEvents(stack)).map(({ eventId }) => eventId));
  await stack.receiver.behave({ mode: 'status', status: 500 });
  await messagesArrive(stack, 1);
  const isNew = ({ eventId }: { eventId: string }) => !known.has(eventId);
  const [exhausted] = await eventually(
    async () => (await storedEvents(stack)).filter(isNew),
    (found) => found.length === 1,
  );
  await exhaust(exhausted?.eventId);

  await stack.receiver.clear();
  await stack.receiver.behave({ mode: 'hang' });
  await messagesArrive(stack, 1, 'while it hangs');
  const [post] = await eventually(arrivals, (found) => found.length > 0);
  if (post === undefined) throw new Error('nothing came');
  // The fast lane has handed it over and goes on by itself, until its container dies; the slow one crashes on it.
  await eventually(async () => (await isCalm(stack)) && (await endpointOf(stack))?.lane === 'slow', Boolean);
  await stack.control.kill('deliver-event');
  // As after a crash between handing over and saying so: then there are two messages.
  const [connection] = await itemsOf(stack, 'connections');
  const { delivered_at: _, ...fresh } = JSON.parse(post.body) as Record<string, unknown>;
  await aws.sqs.send(
    new SendMessageCommand({
      QueueUrl: stack.queues['slow-deliveries'],
      MessageGroupId: stack.brand_id,
      MessageBody: JSON.stringify({ kind: 'fresh', event: fresh, connection_id: connection?.connectionId }),
    }),
  );
  await crashUntilInDlq(3);
  expect(await theEvent(idOf(post))).toBeNull(); // no attempt came to an end, so nothing is known of it

  const ladders = await laddersStarted();
  await stack.receiver.behave({ mode: 'status', status: 500 });
  await redriveAll();
  await untilRun(idOf(post), 1);
  await untilRun(exhausted?.eventId, 2);
  await eventually(() => isCalm(stack), Boolean);
  expect(await laddersStarted()).toBe(ladders + 2);
  await stack.receiver.behave({ mode: 'ok' });
  await eventually(
    async () => {
      if (await isCalm(stack)) await stack.control.advance(10);
      return [await theEvent(idOf(post)), await theEvent(exhausted?.eventId)];
    },
    (both) => both.every((event) => event?.status === 'delivered'),
    30_000,
  );
  expect(await laddersStarted()).toBe(ladders + 2);
  expect(await inDlq()).toBe(0);
}, 180_000);

test('the message of a replay that is redriven to the queue of fresh events begins its run there', async () => {
  await stack.receiver.behave({ mode: 'ok' });
  const delivered = (await storedEvents(stack)).find(({ status }) => status === 'delivered');
  if (!delivered) throw new Error('nothing was delivered');
  const run = delivered.run + 1;
  await aws.sqs.send(
    new SendMessageCommand({
      QueueUrl: stack.queues.deliveries,
      MessageGroupId: stack.brand_id,
      MessageBody: JSON.stringify({
        ...{ kind: 'run', event_id: delivered.eventId, brand_id: stack.brand_id },
        ...{ run, after: 'delivered', even_if_open: true },
      }),
    }),
  );
  await eventually(
    () => theEvent(delivered.eventId),
    (event) => event?.run === run && event.status === 'delivered',
  );
  expect((await arrivals()).map(idOf)).toEqual([delivered.eventId]);
}, 30_000);
