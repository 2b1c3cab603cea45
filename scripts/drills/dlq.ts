import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { awsOf, storedEvents } from '../../test/support/delivery.ts';
import { type AttachedStack, eventually } from '../../test/support/local-stack.ts';
import { type Drill, expect, inTime, letPass, now } from './drill.ts';

const QUEUE = 'failed-deliveries';

/** More than the breaker's five minutes apart: what is rehearsed here is the ladder, not the breaker. */
const APART_SECONDS = 400;

/** Longer than a whole ladder, 7.2 h and its jitter. */
const LADDER_STEP_SECONDS = 900;

const depth = async (stack: AttachedStack) => (await stack.control.health()).queues[QUEUE]?.visible ?? 0;

/** Breaks an endpoint, fills the dead-letter queue, redrives as the console does. @param events how many */
export const dlq = (events: number): Drill => ({
  title: 'events end in the dead-letter queue, and on-call redrives them from the console',
  async run(stack, say) {
    const before = new Set((await storedEvents(stack)).map(({ eventId }) => eventId));
    const mine = async () => (await storedEvents(stack)).filter(({ eventId }) => !before.has(eventId));
    const inQueueBefore = await depth(stack);
    const startedAt = await now(stack);

    say('The endpoint of the demo tenant begins to answer 500.');
    await stack.receiver.behave({ mode: 'status', status: 500 });
    for (let sent = 1; sent <= events; sent += 1) {
      if (sent > 1) await letPass(stack, APART_SECONDS);
      await stack.simulator.inbound({
        from: '15550101234',
        name: 'Drill',
        type: 'text',
        text: { body: `Drill ${sent}` },
      });
      await eventually(mine, (all) => all.length === sent);
    }
    say(`${events} people wrote to it. Each event is tried eight times …`);
    await inTime(stack, LADDER_STEP_SECONDS, mine, (all) => all.every(({ status }) => status === 'failed'));
    await inTime(
      stack,
      10,
      () => depth(stack),
      (visible) => visible === inQueueBefore + events,
    );
    const hours = ((await now(stack)) - startedAt) / 3_600_000;
    say(`… ${hours.toFixed(1)} hours later all have failed. Alarm: quixess-<stage>-failed-deliveries-not-empty.`);
    say(`SQS → Queues → quixess-<stage>-${QUEUE}: Messages available ${await depth(stack)}.`);

    const aws = awsOf(stack);
    try {
      const QueueUrl = stack.queues[QUEUE];
      const { Messages = [] } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 0 }));
      say(`Send and receive messages → Poll for messages shows e.g. ${Messages[0]?.Body}`);

      say('The tenant mends its endpoint.');
      await stack.receiver.behave({ mode: 'ok' });
      await stack.receiver.clear();

      say('Start DLQ redrive → Redrive to source queue(s) → System optimized → DLQ redrive.');
      const { Attributes } = await aws.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
      );
      const SourceArn = Attributes?.QueueArn;
      await aws.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
      const task = await inTime(
        stack,
        1,
        async () => (await aws.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }))).Results?.[0],
        (found) => found?.Status === 'COMPLETED',
      );
      say(`The page shows: ${task?.Status}, ${task?.ApproximateNumberOfMessagesMoved} messages moved.`);
    } finally {
      aws.close();
    }

    const all = await inTime(stack, 2, mine, (found) => found.every(({ status }) => status === 'delivered'));
    const ids = new Set(all.map(({ eventId }) => eventId));
    const received = (await stack.receiver.received()).filter(({ headers }) =>
      ids.has(headers['x-quixess-event-id'] ?? ''),
    );
    expect(
      'each event came once more, signed',
      received.length === events && received.every((one) => one.signature_valid),
    );
    expect(
      'it says that it is a replay',
      received.every(({ headers }) => headers['x-quixess-replay'] === 'true'),
    );
    expect('the queue is as it was', (await depth(stack)) === inQueueBefore);
    for (const { eventId, attempts, run } of all)
      say(`${eventId}  delivered  run ${run}, ${attempts.length} attempts kept`);
    say(`Messages available ${await depth(stack)}. The alarm returns to OK within a minute.`);
  },
});
