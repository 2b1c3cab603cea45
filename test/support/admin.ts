import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { RunningStack } from './local-stack.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** `npm run admin -- …` against a stack. @returns what it printed, parsed @throws with what it complained about */
export async function admin(
  stack: Pick<RunningStack, 'stateDir'>,
  ...args: string[]
): Promise<Record<string, unknown>> {
  const file = path.join(stack.stateDir, 'stack.json');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'scripts/admin.ts', '--stack-file', file, '--by', 'tester', ...args],
    { cwd: root, env: { ...process.env, NODE_OPTIONS: '' } },
  );
  return JSON.parse(stdout);
}
