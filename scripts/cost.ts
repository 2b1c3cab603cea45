// What a million sends and events cost: npm run cost [-- --write]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { PROFILE, Profile } from '../bench/profile.ts';
import { type Assembly, loadAssembly } from '../local/template/assembly.ts';
import { costDocument } from './cost/document.ts';

const root = path.resolve(import.meta.dirname, '..');
const FILE = path.join(root, 'docs', 'cost.md');

const Logging = z.looseObject({ SystemLogLevel: z.string().optional() }).default({});
const Rule = z.object({ SamplingRule: z.looseObject({ FixedRate: z.number() }) });

/** @param assembly of prod */
export function costOf(assembly: Assembly): string {
  const resources = assembly.stacks.flatMap(({ template }) => Object.values(template.Resources));
  const ofType = (type: string) =>
    resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties as Record<string, unknown>);
  const sizes = new Map(
    ofType('AWS::Lambda::Function').map(({ FunctionName, MemorySize, LoggingConfig }) => [
      String(FunctionName).replace('quixess-prod-', ''),
      {
        memoryMb: Number(MemorySize),
        logsInvocations: Logging.parse(LoggingConfig).SystemLogLevel !== 'WARN',
      },
    ]),
  );
  const [rule] = ofType('AWS::XRay::SamplingRule');
  const sampling = { tracedAtGateway: Rule.parse(rule).SamplingRule.FixedRate };
  const profile = Profile.parse(JSON.parse(readFileSync(PROFILE, 'utf8')));
  return costDocument(profile, sizes, sampling, (type) => ofType(type).length);
}

function main(): void {
  const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
  const directory = mkdtempSync(path.join(tmpdir(), 'quixess-cost-'));
  try {
    execFileSync(process.execPath, ['infra/app.ts', '--stage', 'prod', '--out', directory], { cwd: root });
    const text = costOf(loadAssembly(directory));
    if (values.write) writeFileSync(FILE, text);
    process.stdout.write(text);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

if (import.meta.main) main();
