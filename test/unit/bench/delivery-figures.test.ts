import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

// In a process of its own: millions of steps take ten times as long inside of jest.
test('figures of delivery reach their goals, and are those of bench/DELIVERY.md', async () => {
  const args = ['--disable-warning=ExperimentalWarning', 'bench/delivery.ts', '--check'];
  const { stderr } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } });
  expect(stderr).toBe('');
}, 120_000);
