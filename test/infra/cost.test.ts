import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { costOf } from '../../scripts/cost.ts';
import { synthesized } from './synthesized.ts';

test('docs/cost.md is what `npm run cost -- --write` writes', () => {
  expect(readFileSync('docs/cost.md', 'utf8')).toBe(costOf(synthesized('prod').assembly));
});
