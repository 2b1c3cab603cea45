// Rehearsals of what happens at night, against the local stack: npm run drill -- dlq
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type AttachedStack, attachStack, StackFile, startStack } from '../test/support/local-stack.ts';
import { deadTenant } from './drills/dead-tenant.ts';
import { dlq } from './drills/dlq.ts';
import type { Drill } from './drills/drill.ts';
import { keyLeak } from './drills/key-leak.ts';
import { metaOutage } from './drills/meta-outage.ts';
import { metaToken } from './drills/meta-token.ts';

/** By name; `isShort` makes as little of everything as shows it. */
export const drills = (isShort: boolean): Record<string, Drill> => ({
  dlq: dlq(isShort ? 1 : 3),
  'key-leak': keyLeak,
  'meta-token': metaToken,
  'dead-tenant': deadTenant(isShort ? 5 : 50),
  'meta-outage': metaOutage,
});

const HELP = `npm run drill -- <name> [options]

${Object.entries(drills(false))
  .map(([name, { title }]) => `  ${name.padEnd(14)}${title}`)
  .join('\n')}

  --short             as few events as show it
  --state-dir <dir>   the stack that runs there (default .local); starts one of its own when none does
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      short: { type: 'boolean', default: false },
      'state-dir': { type: 'string', default: '.local' },
      help: { type: 'boolean', default: false },
    },
  });
  const drill = drills(values.short)[positionals[0] ?? ''];
  if (values.help || !drill) {
    process.stdout.write(HELP);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  const file = path.join(values['state-dir'], 'stack.json');
  if (existsSync(file)) return rehearse(drill, attachStack(StackFile.parse(JSON.parse(readFileSync(file, 'utf8')))));
  console.log('No stack runs: starting one of its own …');
  const own = await startStack();
  try {
    await rehearse(drill, own);
  } finally {
    await own.stop();
  }
}

async function rehearse(drill: Drill, stack: AttachedStack): Promise<void> {
  console.log(`\nDrill: ${drill.title}\n`);
  const started = performance.now();
  await drill.run(stack, (line) => console.log(`  ${line}`));
  console.log(`\nAll of it as the runbook says, in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

if (import.meta.main) await main();
