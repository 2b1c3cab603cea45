import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startStack } from '../test/support/local-stack.ts';
import { measureBundles } from './bundles.ts';
import { measureColdStarts } from './cold-start.ts';
import { measureCounts } from './counts.ts';
import { type Figure, table } from './figure.ts';
import { measureLatency } from './latency.ts';

/** Where figures are kept, with the size of the machine they were measured on. */
const RESULTS = path.join(import.meta.dirname, 'RESULTS.md');

const HELP = `npm run bench -- [options]

  --counts   only what is deterministic: AWS calls, write units, transitions
  --check    fail when a count is not the one in bench/RESULTS.md
  --write    keep the figures in bench/RESULTS.md
`;

const { values } = parseArgs({
  options: {
    counts: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function counts(): Promise<Figure[]> {
  const stack = await startStack({ isInspected: false });
  try {
    return await measureCounts(stack);
  } finally {
    await stack.stop();
  }
}

/** A count that moved is a change of what every send or event costs: it has to be seen, and written down, by whoever made it. */
function requireSame(figures: readonly Figure[]): void {
  const kept = readFileSync(RESULTS, 'utf8');
  // Those without a goal depend a little on the time between events: caches run out in between.
  const exact = figures.filter(({ goal }) => goal !== null);
  const moved = table(exact)
    .split('\n')
    .filter((line) => !kept.includes(line));
  if (moved.length === 0) return;
  console.error(`Not as in bench/RESULTS.md (npm run bench -- --write keeps them):\n${moved.join('\n')}`);
  process.exitCode = 1;
}

if (values.help) {
  process.stdout.write(HELP);
} else {
  const countFigures = await counts();
  const countTable = table(countFigures);
  console.log(countTable);
  if (values.check) requireSame(countFigures);
  if (!values.counts) {
    const print = (figures: readonly Figure[]): string => {
      console.log(`\n${table(figures)}`);
      return table(figures);
    };
    const tables = {
      counts: countTable,
      bundles: print(await measureBundles()),
      latency: print(await measureLatency()),
      // The last: some minutes in which nothing else should run.
      coldStarts: print(await measureColdStarts()),
    };
    const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
    if (values.write) writeFileSync(RESULTS, results(machine, tables));
  }
}

function results(machine: string, tables: Record<'counts' | 'bundles' | 'latency' | 'coldStarts', string>): string {
  return `# Results

Written by \`npm run bench -- --write\` on ${machine}. Counts are the same on any machine, and CI compares them; cold
starts are ratios of two things measured in turn, latencies are this machine's.

## Counts
${tables.counts}

An OTP send may take one call and one write unit more than the goals of other sends (3 and 2 calls, 5 units): its limit
by recipient. Calls of an event include the queue's: sending, receiving and deleting, here for one event at a time;
batches share them.

## Bundles
${tables.bundles}

\`get-openapi\` has no goal: it is the API document itself, and the names of what this stage has.

## Latency
${tables.latency}

With stores and queues that answer after 4 ms, Meta at once. A send with a key makes three calls one after another: on this
machine that alone takes what the last two rows of them say, and the SDK signs and serializes each.

## Cold starts
${tables.coldStarts}

What they carry, and what they do not: docs/adr/0014-bundles-carry-what-they-use.md.
`;
}
