// One of the four that are compared, in a process of its own: takes Meta's webhooks and tells the tenant.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { receiveMetaWebhook } from '../functions/receive-meta-webhook/receive-meta-webhook.ts';
import { recordUpdates } from '../functions/record-event/record-updates.ts';
import { documentClient, type Sqs, sqsClient } from '../shared/aws.ts';
import { conversationToucher } from '../shared/conversations.ts';
import { attemptBody } from '../shared/events/envelope.ts';
import { InboundBatch } from '../shared/events/inbound-update.ts';
import { messageReceived } from '../shared/events/tenant-events.ts';
import { parseJson } from '../shared/json.ts';
import { type QueueText, sendAll, sendTexts } from '../shared/queue.ts';
import { conversationStore } from '../shared/store/conversation-store.ts';
import { endpointStore } from '../shared/store/endpoint-store.ts';
import { eventStore } from '../shared/store/event-store.ts';
import { messageStore } from '../shared/store/message-store.ts';
import { metaUpdateStore } from '../shared/store/meta-update-store.ts';
import { templateStore } from '../shared/store/template-store.ts';
import { deliverFromQueue } from '../shared/webhooks/deliver.ts';
import { Delivery } from '../shared/webhooks/delivery.ts';
import { endpointClient } from '../shared/webhooks/endpoint-client.ts';
import { signedHeaders } from '../shared/webhooks/signing.ts';
import { connectionTo, laneContainer } from '../test/support/lane.ts';
import { benchRequire } from './bullmq-install.ts';

const [system = '', receiverUrl = '', appSecret = '', redisPort = ''] = process.argv.slice(2);
const SIGNING = ['whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0'];
/** As many calls to the tenant at once as the lanes of ours make: 20 batches of 10. */
const CONCURRENCY = 200;
const BATCH = 10;
const BATCHES_AT_ONCE = 20;

const queueUrl = (name: string): string => `${process.env.AWS_ENDPOINT_URL}/111111111111/${name}`;
const connection = connectionTo(receiverUrl);
const endpoint = endpointClient({ policy: 'allow-loopback', timeoutMs: 15_000 });

/** What BullMQ's worker and the floor do with one message of the queue. */
async function signAndPost(text: string): Promise<void> {
  for (const raw of InboundBatch.parse(parseJson(text)).updates) {
    const update = raw as Parameters<typeof messageReceived>[0];
    for (const event of messageReceived(update, connection.brandId, null)) {
      const at = Date.now();
      const body = attemptBody(event, at);
      const headers = signedHeaders({ event, body, at, number: 1, isReplay: false }, SIGNING);
      const { errorClass } = await endpoint.post(receiverUrl, headers, body);
      if (errorClass !== null) throw new Error(errorClass);
    }
  }
}

/** Lambda's side of a queue: batches of ten, so many at once. */
function pump(work: (batch: string[]) => Promise<void>) {
  const waiting: string[] = [];
  let running = 0;
  const go = (): void => {
    while (waiting.length > 0 && running < BATCHES_AT_ONCE) {
      running += 1;
      work(waiting.splice(0, BATCH)).then(
        () => {
          running -= 1;
          go();
        },
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    }
  };
  return (texts: readonly string[]): void => {
    waiting.push(...texts);
    setImmediate(go);
  };
}

type Enqueue = (messages: readonly QueueText[]) => Promise<void>;

/** The code of our three functions. @param client with it and the next one, what answers AWS's SDK is a stub */
function ours(client: DynamoDBDocumentClient, sqs: Sqs): Enqueue {
  const deliver = deliverFromQueue(
    laneContainer({
      lane: 'fast',
      connections: [connection],
      events: eventStore(client, 'events'),
      endpoints: endpointStore(client, 'endpoints'),
      endpoint,
      now: Date.now,
      secretOf: async () => ({ access_token: 'token', signing_secrets: SIGNING }),
      // A tenant of these is as fast as it gets; the cap of five is of each container, and there are twenty.
      inFlight: CONCURRENCY,
      // Nor is it ever slow: on a machine that is busy with other things its answers would seem to be.
      stopwatch: { now: () => 0, after: () => () => {} },
    }),
  );
  const toDeliver = pump(async (batch) => {
    await Promise.all(batch.map((text) => deliver(Delivery.parse(parseJson(text)), 1)));
  });
  const record = recordUpdates({
    connectionOf: async () => connection,
    connectionsOfWaba: async () => [connection],
    messages: messageStore(client, 'messages'),
    touchConversation: conversationToucher(conversationStore(client, 'conversations')),
    copyMedia: async () => {},
    templates: templateStore(client, 'templates'),
    metaUpdates: metaUpdateStore(client, 'meta-updates'),
    enqueue: async (deliveries) => {
      const entries = deliveries.map((body) => ({ body, group: connection.brandId }));
      await sendAll(sqs, queueUrl('deliveries'), entries);
      toDeliver(deliveries.map((delivery) => JSON.stringify(delivery)));
    },
    now: Date.now,
    noteToken: async () => {},
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  const toRecord = pump(async (batch) => {
    const updates = batch.flatMap((text) => InboundBatch.parse(parseJson(text)).updates);
    const done = await record(updates as Parameters<typeof record>[0]);
    if (done.includes(false)) throw new Error('an update was not recorded');
  });
  return async (messages) => {
    await sendTexts(sqs, queueUrl('inbound-events'), messages);
    toRecord(messages.map(({ text }) => text));
  };
}

/** What DynamoDB and SQS take within a region, as in bench/latency.ts. */
const AWS_MS = 4;

/**
 * Our code alone: calls are answered after AWS's time in place of its SDK, which signs, serializes and speaks HTTP for
 * each of six: in production that is on the processors of three functions' environments, here it would be on one.
 */
const ourCode = (): Enqueue => {
  const send = async (command: { input: { Entries?: { Id: string }[] } }) => {
    await pause(AWS_MS);
    return { Responses: {}, Successful: command.input.Entries ?? [], Failed: [] };
  };
  return ours({ send } as unknown as DynamoDBDocumentClient, { send } as unknown as Sqs);
};

/** Of BullMQ what is used here; it is installed for this bench alone: bench/bullmq.ts. */
type BullMq = {
  Queue: new (name: string, options: object) => { addBulk: (jobs: object[]) => Promise<unknown> };
  Worker: new (name: string, work: (job: { data: unknown }) => Promise<void>, options: object) => unknown;
};

async function bullmq(): Promise<Enqueue> {
  const { Queue, Worker } = benchRequire('bullmq') as BullMq;
  const redis = { host: '127.0.0.1', port: Number(redisPort), maxRetriesPerRequest: null };
  const queue = new Queue('deliveries', { connection: redis });
  new Worker('deliveries', ({ data }) => signAndPost(String(data)), { connection: redis, concurrency: CONCURRENCY });
  const opts = { attempts: 8, backoff: { type: 'exponential', delay: 1000 }, removeOnComplete: true };
  return async (messages) => {
    await queue.addBulk(messages.map(({ text }) => ({ name: 'inbound', data: text, opts })));
  };
}

/** Without any queue: what a crash loses here. */
const floor = (): Enqueue => async (messages) => {
  await Promise.all(messages.map(({ text }) => signAndPost(text)));
};

const makers: Record<string, () => Enqueue | Promise<Enqueue>> = {
  ours: () => ours(documentClient(), sqsClient()),
  'our code': ourCode,
  bullmq,
  floor,
};
const enqueue = await makers[system]?.();
if (!enqueue) throw new Error(`there is no system "${system}"`);
const receive = receiveMetaWebhook({
  secret: async () => ({ app_secret: appSecret, verify_token: 'token' }),
  enqueue,
  now: Date.now,
});

const server = createServer((request, response) => {
  if (request.url === '/cpu') {
    const { user, system: kernel } = process.cpuUsage();
    response.end(String(user + kernel));
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    receive(Buffer.concat(chunks), String(request.headers['x-hub-signature-256'])).then(
      () => response.end('{}'),
      (error: unknown) => {
        console.error(error);
        response.writeHead(500).end();
      },
    );
  });
});
// A kept connection may be idle for as long as the others' turns take.
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
