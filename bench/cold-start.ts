import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildAssembly } from '../local/build.ts';
import { loadAssembly } from '../local/template/assembly.ts';
import { resolveDeployment } from '../local/template/deployment.ts';
import type { Figure } from './figure.ts';

const RUNS = 7;
const GOAL = 3;

/**
 * How long a process takes that imports a function's bundle, over one that imports nothing: interleaved, so that a
 * machine that slows down slows both, and the median of the pairs' ratios.
 */
export async function measureColdStarts(): Promise<Figure[]> {
  const place = { account: '111111111111', region: 'us-east-1', awsUrl: 'http://127.0.0.1:9' };
  const deployment = resolveDeployment(loadAssembly(await buildAssembly(true, console.error)), place);
  const empty = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    return deployment.of('AWS::Lambda::Function').map(({ friendlyName, properties }) => ({
      name: `cold import of ${friendlyName} ÷ bare Node`,
      value: medianRatio(path.resolve('dist', friendlyName, 'index.mjs'), empty, properties.Environment?.Variables),
      goal: GOAL,
      unit: '×',
    }));
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}

type Variables = Record<string, string> | undefined;

function medianRatio(file: string, cwd: string, variables: Variables): number {
  const ratios = Array.from({ length: RUNS }, () => {
    const bare = timeMs('', cwd, variables);
    return timeMs(`await import(${JSON.stringify(`file://${file}`)})`, cwd, variables) / bare;
  });
  return ratios.sort((a, b) => a - b)[Math.floor(RUNS / 2)] ?? Number.NaN;
}

function timeMs(code: string, cwd: string, variables: Variables): number {
  const start = performance.now();
  const args = ['--input-type=module', '-e', `${code};process.exit(0)`];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, env: { AWS_REGION: 'us-east-1', ...variables } });
  if (status !== 0) throw new Error(String(stderr));
  return performance.now() - start;
}
