import { buildFunctions } from '../infra/build.ts';
import type { Figure } from './figure.ts';

/** An authorizer is on every request's way: architecture §9. */
const GOAL_KB = { authorizer: 350, other: 420 };

/** What each function's asset weighs, minified, source maps outside; 1 KB = 1000 bytes. */
export async function measureBundles(): Promise<Figure[]> {
  const functions = await buildFunctions();
  return functions.map(({ name, contents }) => ({
    name: `bundle of ${name}`,
    value: Math.round(contents.byteLength / 1000),
    goal: goalOf(name),
    unit: 'KB',
  }));
}

function goalOf(name: string): number | null {
  if (name.startsWith('authorize-')) return GOAL_KB.authorizer;
  // It is the document itself and nothing else, no SDK: the goal is for code.
  return name === 'get-openapi' ? null : GOAL_KB.other;
}
