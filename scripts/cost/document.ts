import { FULL_BATCH, type Profile } from '../../bench/profile.ts';
import { fixedCosts, type ResourceCount } from './fixed.ts';
import { missedGoals } from './missed.ts';
import { type CostFigure, type CostFigures, figures, type Sampling, type Sizes, total } from './model.ts';
import { ASSUMED, PRICES } from './prices.ts';

const dollars = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toFixed(2));
const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;

const verdict = ({ loaded, goal }: CostFigure): string => {
  if (goal === null) return '';
  const value = total(loaded);
  return value <= goal ? 'reached' : `**missed** by $${dollars(value - goal)}`;
};

const figureTable = (all: readonly CostFigure[]): string =>
  [
    '| a million | one at a time | under load | goal | |',
    '|---|---:|---:|---:|---|',
    ...all.map((one) =>
      row([
        one.name,
        `$${dollars(total(one.alone))}`,
        `$${dollars(total(one.loaded))}`,
        one.goal === null ? '' : `$${one.goal}`,
        verdict(one),
      ]),
    ),
  ].join('\n');

function partsTable(all: readonly CostFigure[]): string {
  const parts = [...new Set(all.flatMap(({ loaded }) => Object.keys(loaded)))];
  return [
    row(['under load', ...all.map(({ name }) => name.split(',')[0] ?? '')]),
    row(['---', ...all.map(() => '---:')]),
    ...parts.map((part) => row([part, ...all.map(({ loaded }) => (loaded[part] ? dollars(loaded[part]) : ''))])),
  ].join('\n');
}

/** What the other choice would cost, dollars per million, from the same prices. */
function savings(profile: Profile, all: CostFigures, sizes: Sizes, { tracedAtGateway }: Sampling): string {
  const sendUse = profile.send['send-otp'];
  const per = (count: number, price: number) => `$${dollars(count * price)}`;
  const rows = [
    ['secrets cached for 60 s, not read for every send', per(1, PRICES.secretsCallsPerMillion), 'sends'],
    [`X-Ray follows ${100 * tracedAtGateway} %, not all`, per(1 - tracedAtGateway, PRICES.tracesPerMillion), 'sends'],
    [
      "Lambda's own lines about invocations that went well are off",
      `$${dollars((ASSUMED.platformLogBytes * 1e6 * PRICES.logsPerGb) / 1e9)}`,
      'invocations',
    ],
    [
      `a send waits with ${sizes.get('send-otp')?.memoryMb} MB, not 512`,
      per(waitingSaved(sizes), PRICES.lambdaGbSecond * 1e6),
      'sends',
    ],
    [
      `${Math.round((sendUse?.logBytes ?? 0) / 100) / 10} KB of logs a send, not 7`,
      `$${dollars(((7000 - (sendUse?.logBytes ?? 0)) * 1e6 * PRICES.logsPerGb) / 1e9)}`,
      'sends',
    ],
    ['indexes hold keys only: two full ones are 8 more write units', per(8, PRICES.writeUnitsPerMillion), 'sends'],
    [
      'the message is the lock of its send: no record besides it without a key',
      per(2, PRICES.writeUnitsPerMillion),
      'sends without a key',
    ],
    [
      'the authorizer is cached: no invocation and no read for each call',
      per(1, PRICES.lambdaRequestsPerMillion + PRICES.readUnitsPerMillion),
      'requests',
    ],
    [
      'the first attempt is made from the queue: three states of Step Functions less',
      per(3, PRICES.transitionsPerMillion),
      'events',
    ],
    [
      'two states a rung: 17 transitions, not 23',
      per(23 - profile.ladderTransitions, PRICES.transitionsPerMillion),
      'ladders',
    ],
    [
      'a breaker holds what would fail: no ladder',
      `$${dollars(total(all.ladder.loaded) - total(all.held.loaded))}`,
      'events of a dead endpoint',
    ],
    [
      `batches of ${ASSUMED.batch}, not single messages`,
      `$${dollars(total(all.status.alone) - total(all.status.loaded))}`,
      'status events',
    ],
    ['arm64, not x86', `$${dollars((all.send.loaded['function time'] ?? 0) * 0.25)}`, 'sends'],
    ['a brand is no dimension of a metric', '$12,000 a month', 'at 10,000 tenants'],
  ];
  return ['| choice | saves | a million |', '|---|---:|---|', ...rows.map(row)].join('\n');
}

/** Gigabyte-seconds of waiting for Meta that a send saves. */
const waitingSaved = (sizes: Sizes): number =>
  ((ASSUMED.metaMs / 1000) * (512 - (sizes.get('send-otp')?.memoryMb ?? 512))) / 1024;

function fixedTable(count: ResourceCount): string {
  const { tenants, rows } = fixedCosts(count);
  const sums = tenants.map((_, index) => rows.reduce((sum, one) => sum + (one.dollars[index] ?? 0), 0));
  return [
    row(['$ a month', ...tenants.map((number) => `${number.toLocaleString('en')} tenants`)]),
    row(['---', ...tenants.map(() => '---:')]),
    ...rows.map(({ what, dollars: values }) => row([what, ...values.map(dollars)])),
    row(['**all**', ...sums.map((sum) => `**${dollars(sum)}**`)]),
    row(['for each tenant', ...sums.map((sum, index) => dollars(sum / (tenants[index] ?? 1)))]),
  ].join('\n');
}

/** docs/cost.md: the profile of the bench, the template's sizes and counts, and the prices, put together. */
export function costDocument(profile: Profile, sizes: Sizes, sampling: Sampling, count: ResourceCount): string {
  const figured = figures(profile, sizes, sampling);
  const all = Object.values(figured);
  return `# What it costs

Written by \`npm run cost -- --write\` from the templates of prod, from what a send and an event use on the local stack
(\`npm run bench:profile\`, kept in bench/PROFILE.json), and from the prices and assumptions in scripts/cost/prices.ts. A test
holds the three together; there is no other model. Dollars of us-east-1 without free tiers; Meta's own charges are the tenant's.

## For a million
${figureTable(all)}

*Under load* queues hand out ${ASSUMED.batch} messages at a time: what a batch shares was measured with one message and with ${FULL_BATCH}.
Assumed, for no machine of ours can measure it: Meta answers in ${ASSUMED.metaMs} ms, an endpoint in ${ASSUMED.endpointMs} ms, a call of AWS in ${ASSUMED.callMs} ms, and an
invocation computes for ${ASSUMED.cpuMs} ms of a whole processor, of which a function has the share that its memory in the template
buys. Logs, traces and memory are as the template says. A send with a key is the dearest of all sends. In prod the firewall adds $${PRICES.firewallRequestsPerMillion.toFixed(2)} to everything that comes in through a gateway; the goals are without it.

${missedGoals(figured)}## Where it goes
${partsTable(all)}

The gateway is the largest part of what comes in, and cannot be made smaller: an HTTP API costs $2.50 less but has neither
our own 401 and 403 bodies nor the firewall (ADR 2). The next is waiting: a function that waits for Meta or an endpoint is paid for it.

## What each choice saves
${savings(profile, figured, sizes, sampling)}

## Every month, whoever calls
${fixedTable(count)}

A usual tenant sends ${ASSUMED.sendsPerTenantMonth.toLocaleString('en')} messages a month and gets ${ASSUMED.eventsPerSend} events of each. Messages are kept until somebody deletes them; the table
shows a year of them.

Quotas to raise, in the order in which they break: [deploy.md](deploy.md#quotas).
`;
}
