import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

// `npm run bench:delivery -- --write` keeps what it found, `--check` fails when it is not what is kept; or with some of
// `dead-tenant`, `backlog`, `retries`, `scale`.
// Before the logger is made: the code under test has much to say.
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED = 'true';
const { backlogFigures } = await import('./backlog.ts');
const { isMissed, table } = await import('./figure.ts');
const { deadTenantFigures, retryFigures, scaleFigures, SEED } = await import('./delivery-figures.ts');

const RESULTS = path.join(import.meta.dirname, 'DELIVERY.md');
const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false }, check: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const parts = {
  'dead-tenant': deadTenantFigures,
  backlog: backlogFigures,
  retries: retryFigures,
  scale: scaleFigures,
};
const wanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
const tables = new Map<string, string>();
for (const [name, measure] of Object.entries(parts)) {
  if (!wanted(name)) continue;
  const figures = await measure();
  const text = table(figures);
  tables.set(name, text);
  console.log(`${name}\n${text}\n`);
  if (!values.check) continue;
  const moved = !readFileSync(RESULTS, 'utf8').includes(text);
  if (moved) console.error(`${name}: not as in bench/DELIVERY.md (npm run bench:delivery -- --write keeps it)`);
  if (moved || figures.some(isMissed)) process.exitCode = 1;
}

if (values.write)
  writeFileSync(
    RESULTS,
    `# Delivery

Written by \`npm run bench:delivery -- --write\` on ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}. Everything here is
deterministic (seed ${SEED}, virtual time): the same on any machine, and a test compares it. What is not is beside it:
[DEAD-TENANT.md](DEAD-TENANT.md) and [BULLMQ.md](BULLMQ.md).

## One dead tenant
The real code of both lanes in virtual time: ten tenants with 2 events/s each, and one with ten times as much which hangs
from the 30th second on, beside the same run in which it does not. From the queue \`deliveries\` to the endpoint; what Meta's
POST takes until there is the same in both and left out, which makes the ratio worse, not better. From Meta's POST on the
running stack: [DEAD-TENANT.md](DEAD-TENANT.md).

${tables.get('dead-tenant')}

## Backlogs at once
Two recoveries and a release of one endpoint begin 3 s apart, over the stores in memory; a turn of one of them dies
half-way. What is not fresh has half of an endpoint's rate, together.

${tables.get('backlog')}

## Retry precision
The real code of the ladder in virtual time, 1000 ladders; one invocation in a hundred takes 600 ms, the others 30.

${tables.get('retries')}

## Scale
A simulation over the quotas AWS publishes (bench/scale.ts): 10,000 tenants, 5,000 events/s from a cold start, a tenant
with 500/s that hangs for fifteen minutes and comes back. Endpoints, failures and the small dead ones are assumed there.

${tables.get('scale')}

What it costs: [docs/cost.md](../docs/cost.md).
`,
  );
