import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { hashApiKeySecret, isSameHash, mintApiKey, parseApiKey } from '../../../shared/api-key.ts';

test('a minted key parses to its parts', () => {
  for (const mode of ['live', 'test'] as const) {
    const { text, ...parts } = mintApiKey(mode);
    expect(parseApiKey(text)).toEqual(parts);
    expect(text).toMatch(mode === 'test' ? /^qxs_test_[0-9A-Za-z]{50}$/ : /^qxs_[0-9A-Za-z]{50}$/);
  }
});

test('a changed character is refused by the checksum', () => {
  const { text } = mintApiKey('live');
  fc.assert(
    fc.property(fc.integer({ min: 4, max: text.length - 1 }), fc.constantFrom(...'09AZaz'), (at, character) => {
      const changed = text.slice(0, at) + character + text.slice(at + 1);
      return changed === text || parseApiKey(changed) === null;
    }),
  );
});

test.each(['', 'qxs_', 'qxs_YOUR_KEY', 'sk_live_1', `qxs_${'0'.repeat(51)}`])('refuses %j', (text) => {
  expect(parseApiKey(text)).toBeNull();
});

test('the stored hash depends on secret and pepper', () => {
  const hash = hashApiKeySecret('secret', 'pepper');
  expect(isSameHash(hash, hashApiKeySecret('secret', 'pepper'))).toBe(true);
  expect(isSameHash(hash, hashApiKeySecret('secret', 'other'))).toBe(false);
  expect(isSameHash(hash, hashApiKeySecret('other', 'pepper'))).toBe(false);
  expect(isSameHash(hash, '')).toBe(false);
});
