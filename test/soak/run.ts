import { parseArgs } from 'node:util';

// Before the logger is made: a soak has a million lines to say.
process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED = 'true';
const { soak } = await import('./soak.ts');

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    events: { type: 'string', default: '20000' },
  },
});
const startedAt = Date.now();
const result = await soak({ seed: Number(values.seed), events: Number(values.events) });
const { problems, made, count, ...figures } = result;
process.stdout.write(
  `${JSON.stringify({ ...figures, problems: problems.length, seconds: (Date.now() - startedAt) / 1000 }, null, 2)}\n`,
);
// The balance: each event that was made is in exactly one of these.
const { delivered = 0, failed = 0, lost = 0, ...stillUnderWay } = count;
const others = Object.values(stillUnderWay).reduce((sum, more) => sum + more, 0);
process.stdout.write(
  `${made} made = ${delivered} delivered + ${failed} failed and in the dead-letter queue + ${others} under way + ${lost} lost\n`,
);
for (const problem of problems.slice(0, 20)) process.stdout.write(`${problem}\n`);
process.exitCode = problems.length > 0 ? 1 : 0;
