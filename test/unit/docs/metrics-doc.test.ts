import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { metricsDoc, whereCounted } from '../../../scripts/metrics-doc.ts';
import { METRICS } from '../../../shared/metric-catalog.ts';

test('every metric that is counted is documented, and the reverse', () => {
  expect([...whereCounted().keys()].sort()).toEqual(Object.keys(METRICS).sort());
});

test('docs/metrics.md is what `npm run metrics-doc` writes', () => {
  expect(readFileSync('docs/metrics.md', 'utf8')).toBe(metricsDoc());
});
