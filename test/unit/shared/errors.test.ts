import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { API_ERRORS } from '../../../shared/errors.ts';

const sources = ['functions', 'shared', 'infra'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'errors.ts')
    .map((file) => readFileSync(join(folder, file), 'utf8')),
);

test('every code in the table is used somewhere, so that no page is written for an error nobody gets', () => {
  const unused = Object.keys(API_ERRORS).filter((code) => !sources.some((source) => source.includes(`'${code}'`)));
  expect(unused).toEqual([]);
});

test.each(Object.entries(API_ERRORS))('%s says what to do, and when to retry', (_code, row) => {
  expect(row.status).toBeGreaterThanOrEqual(400);
  expect(row.fix).toMatch(/\.$/);
  if (row.status === 429 || row.status === 503) expect(row.retryAfterSeconds).toBeGreaterThan(0);
});
