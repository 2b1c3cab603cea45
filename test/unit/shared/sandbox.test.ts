import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { countryOf, requireCountry } from '../../../shared/limits/country.ts';
import { SANDBOX_OUTCOMES, sandboxOutcome } from '../../../shared/sandbox/outcomes.ts';

test('docs/sandbox.md lists every recipient and what it does', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../../docs/sandbox.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `\+1555010(\d{4})` \| (.+) \|$/gm)].map(([, suffix, description]) => [
    suffix,
    description,
  ]);
  const table = Object.entries(SANDBOX_OUTCOMES).map(([suffix, { description }]) => [suffix, description]);
  expect(rows.sort()).toEqual(table.sort());
});

test('a number that is not listed is accepted', () => {
  expect(sandboxOutcome('15550101234')).toBe(SANDBOX_OUTCOMES['0000']);
  expect(sandboxOutcome('4915550106003')).toBe(SANDBOX_OUTCOMES['0000']);
});

describe('the country of a number', () => {
  test.each([
    ['15550101234', 'US'],
    ['14165550100', 'CA'],
    ['12425550100', 'BS'],
    ['78005550100', 'RU'],
    ['77015550100', 'KZ'],
    ['447700900123', 'GB'],
    ['447797555010', 'JE'],
    ['442079460000', 'GB'],
    ['4930555010', 'DE'],
    ['5541955501000', 'BR'],
    ['99955501000', null],
  ])('%s is of %s', (phone, country) => {
    expect(countryOf(phone)).toBe(country);
  });

  test('a number of no country is on no list; without a list every number passes', () => {
    expect(() => requireCountry('99955501000', ['US'])).toThrow(
      expect.objectContaining({ code: 'country_not_allowed' }),
    );
    expect(() => requireCountry('99955501000', undefined)).not.toThrow();
  });
});
