import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildAssembly } from '../local/build.ts';
import { loadAssembly } from '../local/template/assembly.ts';
import { resolveDeployment } from '../local/template/deployment.ts';
import type { Figure } from './figure.ts';

const RUNS = 15;
const GOAL = 3;

type Variables = Record<string, string> | undefined;
type Cost = { wallMs: number; cpuMs: number };

/**
 * What a process costs that imports a function's bundle, over one that imports nothing: interleaved, so that a machine
 * that slows down slows both, and the median of the pairs' ratios. Beside the time that passes, that of processors: on a
 * busy machine it is the steadier of the two, and it counts what V8 does on other threads.
 */
export async function measureColdStarts(): Promise<Figure[]> {
  const place = { account: '111111111111', region: 'us-east-1', awsUrl: 'http://127.0.0.1:9' };
  const deployment = resolveDeployment(loadAssembly(await buildAssembly(true, console.error)), place);
  const empty = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    return deployment.of('AWS::Lambda::Function').flatMap(({ friendlyName, properties }) => {
      const file = path.resolve('dist', friendlyName, 'index.mjs');
      const { wall, cpu } = ratios(file, empty, properties.Environment?.Variables);
      return [
        { name: `cold import of ${friendlyName} ÷ bare Node`, value: wall, goal: GOAL, unit: '×' as const },
        {
          name: `cold import of ${friendlyName} ÷ bare Node, processor time`,
          value: cpu,
          goal: null,
          unit: '×' as const,
        },
      ];
    });
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}

function ratios(file: string, cwd: string, variables: Variables): { wall: number; cpu: number } {
  const pairs = Array.from({ length: RUNS }, () => {
    const bare = costOf('', cwd, variables);
    const cold = costOf(`await import(${JSON.stringify(`file://${file}`)})`, cwd, variables);
    return { wall: cold.wallMs / bare.wallMs, cpu: cold.cpuMs / bare.cpuMs };
  });
  return { wall: median(pairs.map(({ wall }) => wall)), cpu: median(pairs.map(({ cpu }) => cpu)) };
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

function costOf(code: string, cwd: string, variables: Variables): Cost {
  const tell =
    "const{user,system}=process.cpuUsage();process.getBuiltinModule('fs').writeSync(1,String((user+system)/1e3))";
  const args = ['--input-type=module', '-e', `${code};${tell};process.exit(0)`];
  const start = performance.now();
  const child = spawnSync(process.execPath, args, { cwd, env: { AWS_REGION: 'us-east-1', ...variables } });
  if (child.status !== 0) throw new Error(String(child.stderr));
  return { wallMs: performance.now() - start, cpuMs: Number(child.stdout) };
}
