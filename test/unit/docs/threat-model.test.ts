import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const threats = readFileSync('docs/threat-model.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| \d+ \|/.test(line));

test('every threat has a control and at least one test', () => {
  expect(threats.length).toBeGreaterThan(20);
  for (const line of threats) expect(line).toMatch(/^\| \d+ \| .{10,} \| .{10,} \| `[^`]+\.test\.ts`.* \|$/);
});

test('every test that the threat model names exists', () => {
  const named = threats.flatMap((line) => [...line.matchAll(/`([^`]+\.test\.ts)`/g)].map(([, file]) => file ?? ''));
  expect(named.filter((file) => !existsSync(`test/${file}`))).toEqual([]);
});
