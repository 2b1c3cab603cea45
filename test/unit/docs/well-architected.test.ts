import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const answers = readFileSync('docs/well-architected.md', 'utf8')
  .split('\n')
  .filter((line) => line.includes('` |'));

test('every question has an answer, and every file that shows it exists', () => {
  expect(answers.length).toBeGreaterThan(14);
  const named = answers.flatMap((line) =>
    [...(line.split(' | ').at(-1) ?? '').matchAll(/`([^`]+)`/g)].map(([, file]) => file ?? ''),
  );
  expect(named.length).toBeGreaterThan(answers.length);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});
