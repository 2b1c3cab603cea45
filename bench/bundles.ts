import { buildFunctions } from '../infra/build.ts';
import type { Figure } from './figure.ts';

/** An authorizer is on every request's way: architecture §9. */
const GOAL_KB = { authorizer: 350, other: 420 };

/** What each function's asset weighs, minified, source maps outside; 1 KB = 1000 bytes. */
export async function measureBundles(): Promise<Figure[]> {
  const functions = await buildFunctions();
  return functions.map(({ name, bytes }) => ({
    name: `bundle of ${name}`,
    value: Math.round(bytes / 1000),
    goal: name.startsWith('authorize-') ? GOAL_KB.authorizer : GOAL_KB.other,
    unit: 'KB',
  }));
}
