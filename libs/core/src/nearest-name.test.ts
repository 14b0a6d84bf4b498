import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearestName } from './nearest-name.ts';

test.each([
  ['', '', 0],
  ['', 'abc', 3],
  ['epochs', 'epochs', 0],
  ['epohcs', 'epochs', 1],
  ['batchsize', 'batch-size', 1],
  ['kitten', 'sitting', 3],
  ['ca', 'abc', 3],
])('the distance from %j to %j is %i', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
});

test('the distance is symmetric, zero for equals only, and bounded by the longer text', () => {
  const text = fc.string({ maxLength: 12 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a === b);
      expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
    }),
  );
});

test('one edit anywhere costs at most one', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 12 }),
      fc.nat(),
      fc.string({ maxLength: 1 }),
      (text, at, letter) => {
        const cut = at % text.length;
        expect(editDistance(text, text.slice(0, cut) + letter + text.slice(cut + 1))).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test.each([
  ['epohcs', 'epochs'],
  ['EPOCHS', 'epochs'],
  ['batchsize', 'batch-size'],
  ['batch', 'batch-size'],
  ['seeed', 'seed'],
  ['quite-something-else', undefined],
  ['x', undefined],
])('for %j the nearest is %j', (name, nearest) => {
  expect(nearestName(name, ['epochs', 'batch-size', 'seed', 'optimizer'])).toBe(nearest);
});
