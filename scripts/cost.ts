// What a million sends and events cost: npm run cost [-- --write]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { PROFILE, Profile } from '../bench/profile.ts';
import { type Assembly, loadAssembly } from '../local/template/assembly.ts';
import { costDocument } from './cost/document.ts';

const root = path.resolve(import.meta.dirname, '..');
const FILE = path.join(root, 'docs', 'cost.md');

/** @param assembly of prod */
export function costOf(assembly: Assembly): string {
  const resources = assembly.stacks.flatMap(({ template }) => Object.values(template.Resources));
  const functions = resources
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties);
  const memory = new Map(
    functions.map(({ FunctionName, MemorySize }) => [
      String(FunctionName).replace('quixess-prod-', ''),
      Number(MemorySize),
    ]),
  );
  const profile = Profile.parse(JSON.parse(readFileSync(PROFILE, 'utf8')));
  return costDocument(profile, memory, (type) => resources.filter(({ Type }) => Type === type).length);
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
