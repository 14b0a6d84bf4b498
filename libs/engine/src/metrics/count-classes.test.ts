import { addClassCounts, maxConfusionClasses, topAccuracy } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countClasses } from './count-classes.ts';

test.each([
  ['the best score', [1, 5, 2], 1, [1, 0, 0], 1],
  ['one class ahead', [1, 5, 2], 2, [0, 1, 0], 1],
  ['the worst score', [1, 5, 2], 0, [0, 0, 1], 1],
  ['a tie with the best that comes first: shares the rank, is not the answer', [5, 5, 2], 1, [1, 0, 0], 0],
  ['a tie behind the best', [2, 5, 2], 2, [0, 1, 0], 1],
  ['all equal', [0, 0, 0], 2, [1, 0, 0], 0],
])('%s', (_, scores, label, ranks, answer) => {
  const confusion = new Array<number>(9).fill(0);
  confusion[3 * label + answer] = 1;
  expect(countClasses(Float32Array.from(scores), Int32Array.of(label), 3)).toEqual({ ranks, confusion });
});

test.each([NaN, Infinity, -Infinity])('a row with a score of %d counts nowhere', (score) => {
  const counts = countClasses(Float32Array.of(1, score, 3, 1, 2, 3), Int32Array.of(2, 2), 3);
  expect(counts).toEqual({ ranks: [1, 0, 0], confusion: [0, 0, 0, 0, 0, 0, 0, 0, 1] });
});

test('beyond the limit of classes there are ranks and no confusion matrix', () => {
  const classes = maxConfusionClasses + 1;
  const { ranks, confusion } = countClasses(new Float32Array(classes), Int32Array.of(0), classes);
  expect([ranks.length, confusion.length]).toEqual([classes, 0]);
});

/** TensorFlow's definition, row by row: the target is in the top k where fewer than k predictions exceed it. */
function inTopK(row: readonly number[], label: number, k: number): boolean {
  return row.filter((score) => score > (row[label] ?? NaN)).length < k;
}

test('top-k equals the definition for every k, the diagonal the arg-max, and any cut into parts gives the same sums', () => {
  const classes = 4;
  const example = fc.tuple(
    fc.array(fc.integer({ min: 0, max: 5 }), { minLength: classes, maxLength: classes }),
    fc.nat({ max: classes - 1 }),
  );
  fc.assert(
    fc.property(fc.array(example, { minLength: 1, maxLength: 30 }), fc.nat({ max: 30 }), (examples, cut) => {
      const count = (some: typeof examples) =>
        countClasses(
          Float32Array.from(some.flatMap(([row]) => row)),
          Int32Array.from(some, ([, label]) => label),
          classes,
        );
      const whole = count(examples);
      for (let k = 1; k <= classes; k++) {
        const expected = examples.filter(([row, label]) => inTopK(row, label, k)).length / examples.length;
        expect(topAccuracy(whole, k, examples.length)).toBeCloseTo(expected, 12);
      }
      const right = examples.filter(([row, label]) => row.indexOf(Math.max(...row)) === label).length;
      expect(whole.confusion.filter((_, cell) => cell % (classes + 1) === 0).reduce((a, b) => a + b, 0)).toBe(right);
      expect(addClassCounts(count(examples.slice(0, cut)), count(examples.slice(cut)))).toEqual(whole);
    }),
  );
});
