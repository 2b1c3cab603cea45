import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, loadavg, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { closedPort } from '../test/support/http-server.ts';
import { textTo } from '../test/support/meta-webhooks.ts';
import { benchRequire, installBullmq } from './bullmq-install.ts';
import { type Figure, table } from './figure.ts';

// `npm run bench:bullmq -- --write`: our pipeline beside BullMQ on Redis and beside none, each doing the same work. Needs
// Debian's redis-server; BullMQ is installed into .local at first use.

const RESULTS = path.join(import.meta.dirname, 'BULLMQ.md');
const SYSTEMS = ['ours', 'our code', 'bullmq', 'floor'] as const;
type System = (typeof SYSTEMS)[number];
const APP_SECRET = 'app-secret-of-the-bench';
const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    events: { type: 'string', default: '15000' },
    seconds: { type: 'string', default: '15' },
  },
});
const CLOSED_EVENTS = Number(values.events);
const CLIENTS = 50;
/** They take turns, so that what else the machine does falls on all of them. */
const ROUNDS = 4;
const RATES = [200, 500];
const OPEN_SECONDS = Number(values.seconds);

/** When each event arrived at the tenant's, by wamid; more than once is a second copy. */
const arrivals = new Map<string, { at: number; copies: number }>();
const waiting = new Map<string, () => void>();
const receiver = createServer((incoming, response) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    const id = /"wa_message_id":"([^"]+)"/.exec(Buffer.concat(chunks).toString())?.[1] ?? 'unknown';
    const before = arrivals.get(id);
    arrivals.set(id, { at: before?.at ?? performance.now(), copies: (before?.copies ?? 0) + 1 });
    response.writeHead(204).end();
    waiting.get(id)?.();
    waiting.delete(id);
  });
});
// A kept connection may be idle for as long as the others' turns take.
receiver.keepAliveTimeout = 0;

const agent = new Agent({ keepAlive: true });
const call = (url: string, method: string, body = '', headers: Record<string, string> = {}) =>
  new Promise<string>((resolve, reject) => {
    const sent = request(url, { method, agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } });
    sent.on('error', reject);
    sent.on('response', (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () =>
        response.statusCode === 200 ? resolve(text) : reject(new Error(`${url} answered ${response.statusCode}`)),
      );
    });
    sent.end(body);
  });

type Run = { sent: Map<string, number>; cpuUs: number; redisUs: number };
let serial = 0;
/** Meta tells of one message. @returns its wamid, once acknowledged */
async function post(url: string, run: Run): Promise<string> {
  const wamid = `wamid.BENCH${(serial++).toString().padStart(8, '0')}`;
  const body = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '100000000000001', changes: [textTo('300000000000001', wamid)] }],
  });
  const signature = `sha256=${createHmac('sha256', APP_SECRET).update(body).digest('hex')}`;
  run.sent.set(wamid, performance.now());
  await call(url, 'POST', body, { 'x-hub-signature-256': signature });
  return wamid;
}

async function closedLoop(url: string, events: number, run: Run): Promise<void> {
  let left = events;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      const wamid = await post(url, run);
      if (!arrivals.has(wamid)) await new Promise<void>((resolve) => waiting.set(wamid, resolve));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
}

async function openLoop(url: string, perSecond: number, seconds: number, run: Run): Promise<void> {
  const startedAt = performance.now();
  const posts: Promise<unknown>[] = [];
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const wait = startedAt + (index * 1000) / perSecond - performance.now();
    if (wait > 1) await pause(wait);
    posts.push(post(url, run));
  }
  await Promise.all(posts);
}

/** Every event once, or the run is void. */
async function balance(name: string, run: Run): Promise<void> {
  const missing = () => [...run.sent.keys()].filter((id) => !arrivals.has(id));
  for (const until = performance.now() + 20_000; missing().length > 0 && performance.now() < until; ) await pause(50);
  const copies = [...run.sent.keys()].filter((id) => (arrivals.get(id)?.copies ?? 0) > 1);
  if (missing().length > 0 || copies.length > 0)
    throw new Error(`void: of ${run.sent.size} events ${name} lost ${missing().length} and doubled ${copies.length}`);
}

const latencies = (run: Run) => [...run.sent].map(([id, at]) => (arrivals.get(id)?.at ?? 0) - at).sort((a, b) => a - b);
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

installBullmq();
await once(receiver.listen(0, '127.0.0.1'), 'listening');
const receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
const stub = new Worker(path.join(import.meta.dirname, 'bullmq-aws-stub.ts'));
const [stubUrl] = (await once(stub, 'message')) as [string];
const redisFolder = mkdtempSync(path.join(tmpdir(), 'bench-redis-'));
const redisPort = await closedPort();
const redisServer = spawn(
  'redis-server',
  // Kept as BullMQ's docs ask for production: append-only, synced every second, nothing evicted.
  ['--port', String(redisPort), '--bind', '127.0.0.1', '--dir', redisFolder, '--appendonly', 'yes', '--save', ''],
  { stdio: 'ignore' },
);
type Ioredis = {
  Redis: new (
    options: object,
  ) => {
    on: (event: string, then: () => void) => void;
    info: (part: string) => Promise<string>;
    disconnect: () => void;
  };
};
const { Redis } = benchRequire('ioredis') as Ioredis;
const redis = new Redis({ host: '127.0.0.1', port: redisPort, maxRetriesPerRequest: null });
redis.on('error', () => {}); // until it listens
const children: ChildProcess[] = [redisServer];
// Whatever ends this, they must not go on by themselves.
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

async function start(system: System): Promise<string> {
  const child = fork(
    path.join(import.meta.dirname, 'bullmq-system.ts'),
    [system, receiverUrl, APP_SECRET, String(redisPort)],
    {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: stubUrl,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'bench',
        AWS_SECRET_ACCESS_KEY: randomBytes(8).toString('hex'),
        // Lines are written in production too, and cost the same whoever reads them; here it is the work that is compared.
        POWERTOOLS_LOG_LEVEL: 'SILENT',
        POWERTOOLS_METRICS_DISABLED: 'true',
      },
    },
  );
  children.push(child);
  const [url] = (await once(child, 'message')) as [string];
  return url;
}
const cpuOfRedis = async (): Promise<number> => {
  const info = await redis.info('cpu');
  const of = (name: string) => Number(new RegExp(`${name}:([\\d.]+)`).exec(info)?.[1] ?? 0);
  return 1e6 * (of('used_cpu_user') + of('used_cpu_sys'));
};
async function measured(system: System, url: string, run: Run, work: () => Promise<void>): Promise<void> {
  const before = [Number(await call(`${url}/cpu`, 'GET')), await cpuOfRedis()] as const;
  await work();
  await balance(system, run);
  run.cpuUs += Number(await call(`${url}/cpu`, 'GET')) - before[0];
  if (system === 'bullmq') run.redisUs += (await cpuOfRedis()) - before[1];
}

try {
  const urls = new Map<System, string>();
  for (const system of SYSTEMS) urls.set(system, await start(system));
  const fresh = (): Run => ({ sent: new Map(), cpuUs: 0, redisUs: 0 });
  const runs = new Map<string, Run>();
  const turn = async (kind: string, system: System, work: (url: string, run: Run) => Promise<void>) => {
    const run = runs.get(`${kind} ${system}`) ?? fresh();
    runs.set(`${kind} ${system}`, run);
    const url = urls.get(system) ?? '';
    await measured(system, url, run, () => work(url, run));
  };
  const order = (round: number) => [
    ...SYSTEMS.slice(round % SYSTEMS.length),
    ...SYSTEMS.slice(0, round % SYSTEMS.length),
  ];
  for (const system of SYSTEMS) await closedLoop(urls.get(system) ?? '', Math.min(2000, CLOSED_EVENTS), fresh()); // warm
  for (let round = 0; round < ROUNDS; round += 1)
    for (const system of order(round))
      await turn('closed', system, (url, run) => closedLoop(url, CLOSED_EVENTS / ROUNDS, run));
  for (const rate of RATES)
    for (let round = 0; round < 3; round += 1)
      for (const system of order(round))
        await turn(String(rate), system, (url, run) => openLoop(url, rate, OPEN_SECONDS / 3, run));

  const of = (kind: string, system: System): Run => runs.get(`${kind} ${system}`) ?? fresh();
  const cpu = (kind: string, system: System) => of(kind, system).cpuUs / of(kind, system).sent.size;
  const figures: Figure[] = [];
  for (const kind of ['closed', ...RATES.map(String)]) {
    const name = kind === 'closed' ? `closed loop, ${CLIENTS} clients` : `open loop, ${kind}/s`;
    for (const system of SYSTEMS) {
      const sorted = latencies(of(kind, system));
      figures.push(
        { name: `${name}, ${system}: CPU per event`, value: cpu(kind, system), goal: null, unit: 'µs' },
        { name: `${name}, ${system}: receipt p50`, value: quantile(sorted, 0.5), goal: null, unit: 'ms' },
        { name: `${name}, ${system}: receipt p99`, value: quantile(sorted, 0.99), goal: null, unit: 'ms' },
      );
    }
    const { redisUs, sent } = of(kind, 'bullmq');
    figures.push({ name: `${name}: Redis' own CPU per event`, value: redisUs / sent.size, goal: null, unit: 'µs' });
  }
  const p99 = (system: System) => quantile(latencies(of('200', system)), 0.99);
  figures.push(
    {
      name: 'CPU per event of our code ÷ BullMQ, closed loop',
      value: cpu('closed', 'our code') / cpu('closed', 'bullmq'),
      goal: 1,
      unit: '×',
    },
    {
      name: 'CPU per event of our code with the SDK of AWS ÷ BullMQ, closed loop',
      value: cpu('closed', 'ours') / cpu('closed', 'bullmq'),
      goal: null,
      unit: '×',
    },
    {
      name: 'receipt p99 at 200/s, our code ÷ BullMQ',
      value: p99('our code') / p99('bullmq'),
      goal: 1.5,
      unit: '×',
    },
    {
      name: 'receipt p99 at 200/s, our code with the SDK of AWS, all of it on one core ÷ BullMQ',
      value: p99('ours') / p99('bullmq'),
      goal: null,
      unit: '×',
    },
  );
  const events = [...runs.values()].reduce((sum, { sent }) => sum + sent.size, 0);
  const text = `# Beside BullMQ

Written by \`npm run bench:bullmq -- --write\` on ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}; load average while it ran: ${loadavg()[1]?.toFixed(0)}. The ledger balanced: ${events} events
posted, each received once.

All verify Meta's HMAC, normalize, sign and POST with the same code; each is one process, and they take turns.
*ours* is the code of receive-meta-webhook, record-event and deliver-event with the clients of the AWS SDK: two queues,
the message, its conversation and the event with its attempt written down. *our code* is the same without the SDK: its six
calls an event are answered in the process, each after the 4 ms that AWS takes. *bullmq* is one queue on a real Redis on
this machine (append-only), keeps no history, and its CPU is without that of Redis, which is shown beside it. *floor*
posts at once and has no queue.

**Our store is emulated and Redis is real**: what answers our SDK answers at once and keeps nothing, and Lambda's side
of the queues is a loop in the same process. So compare the CPU of the code and latency, not events per second. The SDK
signs, serializes and speaks HTTP six times an event. On Lambda each environment of three functions has a processor for
that; here it is one process, which is full at 200 events/s, and then latency is of waiting for it: so the goal for
latency is held against *our code*, and *ours* is shown beside it. Closed loop: ${CLOSED_EVENTS} events of each; open
loop: ${OPEN_SECONDS} s of each (\`--events\`, \`--seconds\`). Where the load average is above the number of cores, latencies are
mostly of waiting for a core, and longest for who needs it most.

${table(figures)}
`;
  console.log(text);
  if (values.write) writeFileSync(RESULTS, text);
} finally {
  for (const child of children) child.kill('SIGKILL');
  redis.disconnect();
  await stub.terminate();
  receiver.close();
  receiver.closeAllConnections();
  agent.destroy();
  await pause(200);
  rmSync(redisFolder, { recursive: true, force: true });
}
