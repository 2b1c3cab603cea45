import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { contract } from '../functions/send-otp/schema.ts';
import { buildAssembly } from '../local/build.ts';
import { loadAssembly } from '../local/template/assembly.ts';
import { resolveDeployment } from '../local/template/deployment.ts';
import { apiHandler } from '../shared/http/api-handler.ts';
import { json } from '../shared/http/response.ts';
import { type RunningStack, startStack } from '../test/support/local-stack.ts';
import { textTo } from '../test/support/meta-webhooks.ts';
import { OTP_BODY } from '../test/support/tenant.ts';
import type { Figure } from './figure.ts';
import type { StoreStubData } from './store-stub.ts';

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

/** Architecture §9: what DynamoDB and SQS take within a region. */
const DELAY_MS = 4;
const WARM_UP = 100;
const SENDS = 600;
const EDGE_RUNS = 20_000;
const WEBHOOKS_PER_SECOND = 300;
const WEBHOOK_SECONDS = 5;

/**
 * What we add to a call of Meta's, and how fast Meta is acknowledged: the built functions in this process, with stores
 * and queues that answer after 4 ms. Times are this machine's; the goals are architecture §9's.
 */
export async function measureLatency(): Promise<Figure[]> {
  const assembly = await buildAssembly(true, console.error);
  const stack = await startStack({ isInspected: false, assembly });
  const stub = await startStub(stack);
  try {
    setEnvironment(assembly, stack, stub.url);
    const template = await addedBySends(stack, stub.url, 'send-template');
    const otp = await addedBySends(stack, stub.url, 'send-otp');
    const bare = await bareCalls(stub.url, stack.tables.limits ?? '');
    const acknowledged = await acknowledging(stack);
    return [
      { name: 'handler without AWS calls', value: await edge(stack), goal: 60, unit: 'µs' },
      { name: 'a template adds to a direct call of Graph, p50', value: at(template, 0.5), goal: 14, unit: 'ms' },
      { name: 'a template adds to a direct call of Graph, p99', value: at(template, 0.99), goal: 30, unit: 'ms' },
      { name: 'an OTP (a call more, for its limit) adds, p50', value: at(otp, 0.5), goal: null, unit: 'ms' },
      { name: 'an OTP (a call more, for its limit) adds, p99', value: at(otp, 0.99), goal: null, unit: 'ms' },
      { name: 'three bare HTTP calls of the same store, p50', value: at(bare, 0.5), goal: null, unit: 'ms' },
      { name: 'three bare HTTP calls of the same store, p99', value: at(bare, 0.99), goal: null, unit: 'ms' },
      { name: 'acknowledging Meta at 300/s, p50', value: at(acknowledged, 0.5), goal: 15, unit: 'ms' },
      { name: 'acknowledging Meta at 300/s, p99', value: at(acknowledged, 0.99), goal: 60, unit: 'ms' },
    ];
  } finally {
    await stub.worker.terminate();
    await stack.stop();
  }
}

async function startStub(stack: RunningStack) {
  const name = (table: string): string => stack.tables[table] ?? '';
  const tables = {
    [name('messages')]: ['brandShard', 'messageId'],
    [name('idempotency')]: ['id'],
    [name('limits')]: ['id'],
  };
  const workerData: StoreStubData = { delayMs: DELAY_MS, tables, awsUrl: stack.aws_endpoint_url };
  const worker = new Worker(new URL('./store-stub.ts', import.meta.url), { workerData });
  const [url] = await once(worker, 'message');
  return { worker, url: String(url) };
}

/** The functions read theirs when they are imported; no two have different values under one name. */
function setEnvironment(directory: string, stack: RunningStack, stubUrl: string): void {
  const assembly = loadAssembly(directory);
  const { account = '111111111111', region = 'us-east-1' } = assembly;
  const place = { account, region, awsUrl: stack.aws_endpoint_url };
  for (const fn of resolveDeployment(assembly, place).of('AWS::Lambda::Function')) {
    if (!['receive-meta-webhook', ...Object.keys(SENDS_OF)].includes(fn.friendlyName)) continue;
    for (const [name, value] of Object.entries(fn.properties.Environment?.Variables ?? {})) {
      // The SDK calls a queue where its URL says, not at the endpoint.
      process.env[name] = value.replace(stack.aws_endpoint_url, stubUrl);
    }
  }
  Object.assign(process.env, {
    AWS_REGION: region,
    AWS_ENDPOINT_URL: stubUrl,
    AWS_ACCESS_KEY_ID: 'local-admin',
    AWS_SECRET_ACCESS_KEY: 'local',
    META_GRAPH_URL: stubUrl,
  });
}

const built = async (name: string): Promise<Handler> =>
  (await import(new URL(`../dist/${name}/index.mjs`, import.meta.url).href)).handler;

const SENDS_OF = {
  'send-otp': { resource: '/v1/whatsapp/external/send/otp', scopes: 'whatsapp:send_otp', body: OTP_BODY },
  'send-template': {
    resource: '/v1/whatsapp/external/send/template',
    scopes: 'whatsapp:send_template',
    body: {
      to: OTP_BODY.to,
      template_name: 'order_update',
      variables: ['A-17', 'Friday'],
      buttons: [{ index: 0, value: 'a-17' }],
    },
  },
} as const;

/** @returns how much longer each send with an Idempotency-Key took than a direct call made right before it, milliseconds */
async function addedBySends(stack: RunningStack, graphUrl: string, name: keyof typeof SENDS_OF): Promise<number[]> {
  const handler = await built(name);
  const agent = new Agent({ keepAlive: true });
  const added: number[] = [];
  for (let sent = 0; sent < WARM_UP + SENDS; sent += 1) {
    const event = sendEvent(stack, name, { 'Idempotency-Key': randomUUID() });
    const direct = await timed(() => post(`${graphUrl}/v26.0/messages`, JSON.stringify(OTP_BODY), agent));
    const ours = await timed(() => quietly(() => expect200(handler(event, context))));
    added.push(ours - direct);
  }
  agent.destroy();
  return added.slice(WARM_UP);
}

/** What nobody who makes three calls one after another can do without, on this machine. @returns milliseconds of three */
async function bareCalls(storeUrl: string, TableName: string): Promise<number[]> {
  const agent = new Agent({ keepAlive: true });
  const took: number[] = [];
  const put = () =>
    post(storeUrl, JSON.stringify({ TableName, Item: { id: { S: randomUUID() } } }), agent, {
      'X-Amz-Target': 'DynamoDB_20120810.PutItem',
    });
  for (let round = 0; round < WARM_UP + SENDS; round += 1) {
    took.push(
      await timed(async () => {
        for (let made = 0; made < 3; made += 1) await put();
      }),
    );
  }
  agent.destroy();
  return took.slice(WARM_UP);
}

/** The edge alone: identity, body through its schema, log line, answer. Microseconds. */
async function edge(stack: RunningStack): Promise<number> {
  const handler = apiHandler({ body: contract.body, docsUrl: 'https://example.com/errors' }, async () => json(200, {}));
  const event = sendEvent(stack, 'send-otp');
  const run = async (times: number) => {
    for (let index = 0; index < times; index++) await handler(event, context);
  };
  await quietly(() => run(WARM_UP * 20));
  const ms = await timed(() => quietly(() => run(EDGE_RUNS)));
  return (ms / EDGE_RUNS) * 1000;
}

/** Open loop: the next webhook does not wait for the one before. @returns milliseconds of each */
async function acknowledging(stack: RunningStack): Promise<number[]> {
  const handler = await built('receive-meta-webhook');
  const total = WEBHOOKS_PER_SECOND * WEBHOOK_SECONDS;
  const under = async (): Promise<number[]> => {
    const start = performance.now();
    const pending: Promise<number>[] = [];
    for (let index = 0; index < total; index++) {
      const dueMs = (index * 1000) / WEBHOOKS_PER_SECOND;
      const wait = start + dueMs - performance.now();
      if (wait > 1) await pause(wait);
      pending.push(timed(() => expect200(handler(webhookEvent(stack, index), context))));
    }
    return Promise.all(pending);
  };
  return (await quietly(under)).slice(WARM_UP);
}

const context = { getRemainingTimeInMillis: () => 29_000, awsRequestId: 'bench' } as Context;

function sendEvent(
  stack: RunningStack,
  name: keyof typeof SENDS_OF,
  headers: Record<string, string> = {},
): APIGatewayProxyEvent {
  const { resource, scopes, body } = SENDS_OF[name];
  return gatewayEvent(resource, JSON.stringify(body), headers, {
    ...{ key_id: name, brand_id: stack.brand_id, scopes, mode: 'live' },
    ...{ expires_at: '', requests_per_minute: '1000000' },
  });
}

function webhookEvent(stack: RunningStack, index: number): APIGatewayProxyEvent {
  const changes = [textTo(stack.meta.phone_number_id, `wamid.bench${index}`)];
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry: [{ id: stack.meta.waba_id, changes }] });
  const signature = createHmac('sha256', stack.meta.app_secret).update(body).digest('hex');
  return gatewayEvent('/v1/whatsapp/webhook', body, { 'X-Hub-Signature-256': `sha256=${signature}` });
}

/** What of API Gateway's event the functions look at. */
const gatewayEvent = (resource: string, body: string, headers: Record<string, string>, authorizer?: object) =>
  ({
    resource,
    httpMethod: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    multiValueHeaders: {},
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    body,
    isBase64Encoded: false,
    requestContext: { requestId: randomUUID(), path: `/api${resource}`, authorizer },
  }) as unknown as APIGatewayProxyEvent;

async function expect200(result: Promise<APIGatewayProxyResult>): Promise<void> {
  const { statusCode, body } = await result;
  if (statusCode !== 200) throw new Error(`the bench was answered ${statusCode}: ${body}`);
}

const post = (url: string, body: string, agent: Agent, headers: Record<string, string> = {}): Promise<void> =>
  new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', resolve).on('error', reject);
    });
    call.on('error', reject).end(body);
  });

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** On Lambda the log goes to a pipe that somebody else reads; a terminal's speed is not what is measured. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { write } = process.stdout;
  process.stdout.write = (_chunk: unknown, ...rest: unknown[]): boolean => {
    const done = rest.find((argument) => typeof argument === 'function');
    if (typeof done === 'function') done();
    return true;
  };
  try {
    return await work();
  } finally {
    process.stdout.write = write;
  }
}

const at = (values: readonly number[], quantile: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * quantile)] ?? Number.NaN;
