import { expect, test } from 'vitest';
import type { ExampleSplit } from './data-set.ts';
import { splitValidation } from './split.ts';

function examplesOf(count: number): ExampleSplit {
  const exampleSize = 2;
  return {
    images: Uint8Array.from({ length: count * exampleSize }, (_, at) => at % 256),
    labels: Uint8Array.from({ length: count }, (_, at) => at % 10),
    count,
    exampleSize,
  };
}

test('a tenth of 60 000 leaves 54 000 to train on and the last 6 000 to validate on', () => {
  const examples = examplesOf(60_000);
  const { training, validation } = splitValidation(examples, 0.1);
  expect([training.count, validation.count]).toEqual([54_000, 6_000]);
  expect(validation.images).toEqual(examples.images.subarray(108_000));
  expect(validation.labels).toEqual(examples.labels.subarray(54_000));
});

test('both parts are views of the same memory', () => {
  const examples = examplesOf(10);
  const { training, validation } = splitValidation(examples, 0.3);
  expect(training.images.buffer).toBe(examples.images.buffer);
  expect(validation.images.buffer).toBe(examples.images.buffer);
  expect(validation.images.byteOffset).toBe(7 * 2);
});

// floor(count * (1 - fraction)) as CPython computes it in float64.
test.each([
  { count: 10, fraction: 0.25, kept: 7 },
  { count: 1000, fraction: 0.1, kept: 900 },
  { count: 100, fraction: 0.7, kept: 30 },
  { count: 7, fraction: 0.5, kept: 3 },
  { count: 10, fraction: 0, kept: 10 },
])("Keras's rule keeps $kept of $count at fraction $fraction", ({ count, fraction, kept }) => {
  const { training, validation } = splitValidation(examplesOf(count), fraction);
  expect([training.count, validation.count]).toEqual([kept, count - kept]);
});

test.each([-0.1, 1, 1.5, Number.NaN])('the fraction %d is refused with the rule', (fraction) => {
  expect(() => splitValidation(examplesOf(10), fraction)).toThrow('at least 0 and below 1');
});

test('a fraction that leaves a part empty is refused', () => {
  expect(() => splitValidation(examplesOf(1), 0.5)).toThrow('leaves none for training');
  // 1 - 0.9 is a little below 0.1 in float64, and the rule rounds down.
  expect(() => splitValidation(examplesOf(10), 0.9)).toThrow('leaves none for training');
  expect(() => splitValidation(examplesOf(3), 1e-17)).toThrow('leaves none for validation');
});
