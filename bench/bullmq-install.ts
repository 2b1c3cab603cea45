import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Not in package.json: nothing but one bench needs them, and that one seldom. */
const PACKAGES = {
  private: true,
  dependencies: { bullmq: '6.7.0', ioredis: '6.0.0' },
  // Its platform builds are not needed: it has a fallback in JavaScript.
  overrides: { 'msgpackr-extract': '3.0.4' },
};
const FOLDER = path.resolve(import.meta.dirname, '../.local/bench-bullmq');

/** Puts BullMQ and its Redis client into a folder of their own, once. */
export function installBullmq(): void {
  if (existsSync(path.join(FOLDER, 'node_modules/bullmq')) && existsSync(path.join(FOLDER, 'node_modules/ioredis')))
    return;
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(path.join(FOLDER, 'package.json'), JSON.stringify(PACKAGES));
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: FOLDER, stdio: 'inherit' });
}

export const benchRequire = (name: 'bullmq' | 'ioredis'): unknown =>
  createRequire(path.join(FOLDER, 'package.json'))(name);
