import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Agent, createServer, type RequestListener, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { awsOf } from '../test/support/delivery.ts';
import { startStack } from '../test/support/local-stack.ts';
import { textTo } from '../test/support/meta-webhooks.ts';
import { addBrand } from '../test/support/second-brand.ts';
import { itemsOf } from '../test/support/tenant.ts';
import { quantile } from './dead-tenant.ts';
import { type Figure, isMissed, table } from './figure.ts';

// `npm run bench:dead-tenant -- --write`: from Meta's POST to receipt, on the running stack.

const RESULTS = path.join(import.meta.dirname, 'DEAD-TENANT.md');
const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    phases: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '180' },
  },
});
const OTHERS = 5;
const PER_SECOND = 0.4;
const TIMES_AS_MUCH = 10;
/** Well and dead take turns, so that what else the machine does falls on both. */
const PHASES = Number(values.phases);
const PHASE_SECONDS = Number(values.seconds);
/** Of a turn, in which the dead one is found to be dead. */
const DYING_SECONDS = 5;
/** Functions start, and there are as many as there is work for. */
const WARM_SECONDS = 30;

const stack = await startStack({ isInspected: false });
const aws = awsOf(stack);
const agent = new Agent({ keepAlive: true });
const servers: ReturnType<typeof createServer>[] = [];

/** Of the others' events by wamid: when Meta posted, when it arrived, and beside what. */
type Sent = { at: number; arrivedAt: number | null; kind: 'warm' | 'well' | 'dying' | 'dead' };
const sent = new Map<string, Sent>();
const attempts = { well: 0, dead: 0 };
/** Environments that began beside it: on Lambda each brings its processor along, here all share those of one machine. */
const coldStarts = { well: 0, dead: 0 };

async function endpoint(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.keepAliveTimeout = 120_000;
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
const takes = (heard: (body: string) => void): RequestListener => {
  return (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      heard(Buffer.concat(chunks).toString());
      response.writeHead(204).end();
    });
  };
};
/** A tenant whose events come here. @returns its number at Meta */
async function tenantAt(url: string): Promise<string> {
  const { brandId, phoneNumberId } = await addBrand(stack);
  const connection = (await itemsOf(stack, 'connections')).find((item) => item.brandId === brandId);
  await aws.documents.send(
    new UpdateCommand({
      TableName: stack.tables.connections ?? '',
      Key: { connectionId: connection?.connectionId },
      UpdateExpression: 'SET webhookUrl = :url',
      ExpressionAttributeValues: { ':url': url },
    }),
  );
  return phoneNumberId;
}

let serial = 0;
/** Meta tells of one message. Not awaited by whoever keeps the pace. */
function post(number: string, of?: Sent['kind']): void {
  const wamid = `wamid.DEAD${(serial++).toString().padStart(8, '0')}`;
  if (of) sent.set(wamid, { at: performance.now(), arrivedAt: null, kind: of });
  tell(number, wamid);
}
/** What was not acknowledged Meta tells again; its way counts from the first time. */
function tell(number: string, wamid: string): void {
  const entry = [{ id: stack.meta.waba_id, changes: [textTo(number, wamid)] }];
  const body = JSON.stringify({ object: 'whatsapp_business_account', entry });
  const signature = `sha256=${createHmac('sha256', stack.meta.app_secret).update(body).digest('hex')}`;
  const call = request(`${stack.api_url}/api/v1/whatsapp/webhook`, {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': signature },
  });
  call.on('error', () => setTimeout(tell, 500, number, wamid));
  call.on('response', (response) => {
    response.resume();
    if (response.statusCode !== 200) setTimeout(tell, 500, number, wamid);
  });
  call.end(body);
}

async function allColdStarts(): Promise<number> {
  const { functions } = await stack.control.health();
  return Object.values(functions).reduce((sum, { coldStarts: some }) => sum + some, 0);
}

async function steady(
  numbers: readonly string[],
  perSecond: number,
  seconds: number,
  of?: Sent['kind'],
): Promise<void> {
  const startedAt = performance.now();
  for (let index = 0; index < perSecond * seconds; index += 1) {
    const wait = startedAt + (index * 1000) / perSecond - performance.now();
    if (wait > 1) await pause(wait);
    const isDying = of === 'dead' && index / perSecond < DYING_SECONDS;
    post(numbers[index % numbers.length] ?? '', isDying ? 'dying' : of);
  }
}

try {
  const arrived = takes((body) => {
    const one = sent.get(/"wa_message_id":"([^"]+)"/.exec(body)?.[1] ?? '');
    if (one) one.arrivedAt ??= performance.now();
  });
  const counted = takes(() => {
    attempts.well += 1;
  });
  const others = await Promise.all(Array.from({ length: OTHERS }, async () => tenantAt(await endpoint(arrived))));
  const well = await tenantAt(await endpoint(counted));
  const dead = await tenantAt(
    await endpoint(() => {
      attempts.dead += 1;
    }),
  );
  const both = (big: string, seconds: number, kind: Sent['kind']) =>
    Promise.all([
      steady(others, OTHERS * PER_SECOND, seconds, kind),
      steady([big], PER_SECOND * TIMES_AS_MUCH, seconds),
    ]);
  await both(well, WARM_SECONDS, 'warm');
  for (let phase = 0; phase < PHASES; phase += 1) {
    const kind = phase % 2 === 0 ? 'well' : 'dead';
    const before = await allColdStarts();
    await both(kind === 'dead' ? dead : well, PHASE_SECONDS, kind);
    // What is on its way arrives beside what it was sent with.
    await pause(3000);
    coldStarts[kind] += (await allColdStarts()) - before;
  }
  for (const until = Date.now() + 60_000; Date.now() < until; await pause(200))
    if ([...sent.values()].every(({ arrivedAt }) => arrivedAt !== null)) break;

  const tookOf = (kind: Sent['kind']) =>
    [...sent.values()].flatMap((one) => (one.kind === kind && one.arrivedAt !== null ? [one.arrivedAt - one.at] : []));
  const [dying, without] = [tookOf('dying'), tookOf('well')];
  const beside = [...dying, ...tookOf('dead')];
  const missing = [...sent.values()].filter(({ arrivedAt }) => arrivedAt === null).length;
  const figures: Figure[] = [
    { name: "events of the others' that did not arrive", value: missing, goal: 0, unit: '' },
    {
      name: `the others' p50, all are well (${without.length} events)`,
      value: quantile(without, 0.5),
      goal: null,
      unit: 'ms',
    },
    {
      name: `the others' p50, one is dead (${beside.length} events)`,
      value: quantile(beside, 0.5),
      goal: null,
      unit: 'ms',
    },
    { name: "the others' p95, all are well", value: quantile(without, 0.95), goal: null, unit: 'ms' },
    { name: "the others' p95, one is dead", value: quantile(beside, 0.95), goal: null, unit: 'ms' },
    {
      name: `of these the p95 of the first ${DYING_SECONDS} s of the dying (${dying.length} events)`,
      value: quantile(dying, 0.95),
      goal: null,
      unit: 'ms',
    },
    {
      name: "the others' p95 with a dead one ÷ without",
      value: quantile(beside, 0.95) / quantile(without, 0.95),
      goal: 1.2,
      unit: '×',
    },
    { name: "the others' longest, all are well", value: Math.max(...without), goal: null, unit: 'ms' },
    { name: "the others' longest, one is dead", value: Math.max(...beside), goal: null, unit: 'ms' },
    { name: 'environments that began, all are well', value: coldStarts.well, goal: null, unit: '' },
    { name: 'environments that began, one is dead', value: coldStarts.dead, goal: null, unit: '' },
    { name: 'attempts at the dead one', value: attempts.dead, goal: null, unit: '' },
  ];
  const text = `# One dead tenant on the running stack

Written by \`npm run bench:dead-tenant -- --write\` on ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}; load average while it ran: ${loadavg()[1]?.toFixed(0)}.
From Meta's POST to the tenant's receipt, through every function and queue of the local stack. ${OTHERS} tenants get ${PER_SECOND} event/s each.
Beside them one gets ${TIMES_AS_MUCH} times as much: in turn one that is well, and one that takes the request and never answers
(${PHASES} turns of ${PHASE_SECONDS} s, the dead one's first moments included). So the load is the same in both, and what else the machine
does falls on both. Times are of an emulation on one machine: compare them with each
other only, and where the load average is above the number of cores they are mostly of waiting for a core.
What moves is the first seconds of the dying: what hangs holds environments, so others begin, and all of them begin on the
processors the others' events are delivered by; on Lambda each brings its own. After that nothing is waited for. How much
these seconds weigh depends on the length of a turn: of 90 s, two runs gave 1.07 × and 1.33 ×.

${table(figures)}
`;
  console.log(text);
  if (values.write) writeFileSync(RESULTS, text);
  if (figures.some(isMissed)) process.exitCode = 1;
} finally {
  aws.close();
  for (const server of servers) {
    server.close();
    server.closeAllConnections();
  }
  agent.destroy();
  await stack.stop();
}
