import { expect, test } from 'vitest';
import type { ExampleSplit } from '../data-set.ts';
import { openSyntheticFashion } from './synthetic-fashion.ts';

const small = openSyntheticFashion({ seed: 1, trainCount: 3000, testCount: 1000 });

test('the pictures are fixed for all time: the identity of a small set', () => {
  const { identity } = openSyntheticFashion({ seed: 7, trainCount: 200, testCount: 100 });
  expect(identity).toBe('sha256:f66936878587e9e1229eb2ce4b195065d63848ca27c6d3e1bff490db2405159a');
});

test('a smaller set is the beginning of a larger one', () => {
  const smaller = openSyntheticFashion({ seed: 1, trainCount: 37, testCount: 11 });
  for (const [part, whole] of [
    [smaller.train, small.train],
    [smaller.test, small.test],
  ] as const) {
    expect(part.labels).toEqual(whole.labels.subarray(0, part.count));
    expect(part.images).toEqual(whole.images.subarray(0, part.images.length));
  }
  expect(smaller.identity).not.toBe(small.identity);
});

test('another seed draws other pictures, and the test part is not the training part', () => {
  const other = openSyntheticFashion({ seed: 2, trainCount: 100, testCount: 100 });
  expect(other.train.images).not.toEqual(small.train.images.subarray(0, 78_400));
  expect(other.train.images).not.toEqual(other.test.images);
});

test('every ten examples in a row have one of each class', () => {
  for (let first = 0; first < small.train.count; first += 10) {
    const ten = small.train.labels.slice(first, first + 10).sort();
    expect([...ten]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  }
});

test('shared memory holds the same set', () => {
  const parameters = { seed: 1, trainCount: 50, testCount: 20 };
  const shared = openSyntheticFashion(parameters, { shared: true });
  expect(shared.train.images.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(shared.identity).toBe(openSyntheticFashion(parameters).identity);
  // A worker gets what structuredClone makes: another view of the same bytes.
  const received = structuredClone(shared);
  shared.train.images[5] = 123;
  expect(received.train.images[5]).toBe(123);
});

test('every picture shows something, on a ground that is mostly black', () => {
  for (let example = 0; example < small.train.count; example++) {
    const image = small.train.images.subarray(example * 784, example * 784 + 784);
    const lit = image.reduce((count, byte) => count + (byte > 0 ? 1 : 0), 0);
    expect(lit).toBeGreaterThan(20);
    expect(lit).toBeLessThan(700);
  }
});

/** The share of `test` whose nearest class mean (over `train`) is that of its own class. */
function nearestMeanAccuracy(train: ExampleSplit, test: ExampleSplit): number {
  const means = Array.from({ length: 10 }, () => new Float64Array(784));
  train.labels.forEach((label, example) => {
    means[label]?.forEach((sum, at, mean) => {
      mean[at] = sum + (train.images[example * 784 + at] ?? 0) / (train.count / 10);
    });
  });
  let correct = 0;
  test.labels.forEach((label, example) => {
    const distances = means.map((mean) =>
      mean.reduce((sum, value, at) => sum + (value - (test.images[example * 784 + at] ?? 0)) ** 2, 0),
    );
    if (distances.indexOf(Math.min(...distances)) === label) correct++;
  });
  return correct / test.count;
}

test('classes can be told apart, but not by comparing with class means', () => {
  const accuracy = nearestMeanAccuracy(small.train, small.test);
  expect(accuracy).toBeGreaterThan(0.4);
  expect(accuracy).toBeLessThan(0.75);
});

test('all parameters that are out of range are listed at once', () => {
  const make = (): unknown => openSyntheticFashion({ seed: -1, trainCount: 0, testCount: 1.5 });
  expect(make).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
  for (const text of ['seed is -1', 'trainCount is 0', 'testCount is 1.5; it must be an integer from 1 to 1000000']) {
    expect(make).toThrow(text);
  }
});
