import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addClassCounts, topAccuracy, type ClassCounts } from './class-counts.ts';

const count = fc.nat({ max: 1000 });
const counts: fc.Arbitrary<ClassCounts> = fc.record({
  ranks: fc.array(count, { minLength: 3, maxLength: 3 }),
  confusion: fc.array(count, { minLength: 9, maxLength: 9 }),
});

test('counts are added one by one, in any order', () => {
  fc.assert(
    fc.property(counts, counts, counts, (a, b, c) => {
      expect(addClassCounts(addClassCounts(a, b), c)).toEqual(addClassCounts(c, addClassCounts(b, a)));
    }),
  );
  expect(
    addClassCounts({ ranks: [1, 2], confusion: [1, 0, 2, 3] }, { ranks: [4, 0], confusion: [0, 5, 1, 1] }),
  ).toEqual({
    ranks: [5, 2],
    confusion: [1, 5, 3, 4],
  });
});

test('nothing counted changes nothing', () => {
  const some = { ranks: [1, 2], confusion: [1, 0, 2, 3] };
  expect(addClassCounts({ ranks: [], confusion: [] }, some)).toEqual(some);
  expect(addClassCounts(some, { ranks: [], confusion: [] })).toEqual(some);
});

test.each([
  [1, 0.5],
  [2, 0.8],
  [3, 1],
  [7, 1],
])('the share of examples in the top %d is that of the lowest ranks', (k, expected) => {
  expect(topAccuracy({ ranks: [5, 3, 2], confusion: [] }, k, 10)).toBe(expected);
});
