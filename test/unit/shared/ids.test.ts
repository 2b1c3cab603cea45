import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { brandShard, conversationId, deterministicId, ID_PATTERN, newId, timeOfId } from '../../../shared/ids.ts';

const time = fc.integer({ min: 0, max: 4_000_000_000_000 });

test('an id tells its time and sorts by it', () => {
  fc.assert(
    fc.property(time, time, (a, b) => {
      const [first, second] = [newId('msg', a), newId('msg', b)];
      expect(first).toMatch(ID_PATTERN.message);
      expect(timeOfId(first)).toBe(a);
      if (a < b) expect(first < second).toBe(true);
    }),
  );
});

test('the same fact has the same id, another fact another', () => {
  fc.assert(
    fc.property(time, fc.string(), fc.string(), (at, a, b) => {
      expect(deterministicId('evt', at, ['x', a])).toBe(deterministicId('evt', at, ['x', a]));
      if (a !== b) expect(deterministicId('evt', at, ['x', a])).not.toBe(deterministicId('evt', at, ['x', b]));
    }),
  );
});

test('a brand is spread over eight partitions, all named after it', () => {
  const shards = new Set(Array.from({ length: 500 }, (_, i) => brandShard('brd_1', newId('msg', i))));
  expect([...shards].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7].map((n) => `brd_1#${n}`));
});

test('no phone number can be read from a conversation id', () => {
  expect(conversationId('brd_1', '15550101234')).not.toContain('5550101234');
  expect(conversationId('brd_1', '15550101234')).not.toBe(conversationId('brd_2', '15550101234'));
});
