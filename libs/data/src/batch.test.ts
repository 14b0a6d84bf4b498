import { examplesOfStep, permutation, stepsPerEpoch } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contiguousExamples, gatherExamples } from './batch.ts';
import type { ExampleSplit } from './data-set.ts';

/** Examples whose bytes and label tell their number. */
function numbered(count: number, exampleSize: number): ExampleSplit {
  return {
    images: Uint8Array.from({ length: count * exampleSize }, (_, at) => Math.floor(at / exampleSize)),
    labels: Uint8Array.from({ length: count }, (_, at) => at),
    count,
    exampleSize,
  };
}

const counts = fc.integer({ min: 1, max: 200 });

test('the steps of an epoch gather every example exactly once, image and label together', () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 64 }), fc.integer({ min: 1, max: 5 }), (count, batch, size) => {
      const examples = numbered(count, size);
      const order = permutation(3, 1, count);
      const plan = { exampleCount: count, globalBatch: batch, chunkSize: batch };
      const inputs = new Uint8Array(batch * size);
      const targets = new Int32Array(batch);
      const seen: number[] = [];
      for (let step = 0; step < stepsPerEpoch(plan); step++) {
        const range = examplesOfStep(plan, step);
        gatherExamples(examples, order, range, inputs, targets);
        for (let row = 0; row < range.end - range.first; row++) {
          const image = inputs.subarray(row * size, (row + 1) * size);
          expect(new Set(image)).toEqual(new Set([targets[row]]));
          seen.push(targets[row] ?? -1);
        }
      }
      expect(seen).toEqual([...order]);
    }),
    { numRuns: 50 },
  );
});

test('a short batch leaves the rest of the buffers as it was', () => {
  const inputs = new Uint8Array(8).fill(99);
  const targets = new Int32Array(4).fill(-1);
  gatherExamples(numbered(5, 2), Uint32Array.of(4, 2, 0), { first: 1, end: 3 }, inputs, targets);
  expect([...inputs]).toEqual([2, 2, 0, 0, 99, 99, 99, 99]);
  expect([...targets]).toEqual([2, 0, -1, -1]);
});

test.each([
  { name: 'a range beyond the permutation', order: [0, 1], range: { first: 1, end: 3 }, rows: 4 },
  { name: 'a buffer too small', order: [0, 1, 2], range: { first: 0, end: 3 }, rows: 2 },
  { name: 'an example that does not exist', order: [0, 5], range: { first: 0, end: 2 }, rows: 4 },
])('$name is a bug of the caller', ({ order, range, rows }) => {
  const gather = (): void => {
    gatherExamples(numbered(5, 2), Uint32Array.from(order), range, new Uint8Array(rows * 2), new Int32Array(rows));
  };
  expect(gather).toThrow('invariant violated');
});

test('evaluation reads images in place and in order', () => {
  const examples = numbered(6, 3);
  const { inputs, targets } = contiguousExamples(examples, { first: 2, end: 5 });
  expect(inputs.buffer).toBe(examples.images.buffer);
  expect([...inputs]).toEqual([2, 2, 2, 3, 3, 3, 4, 4, 4]);
  expect([...targets]).toEqual([2, 3, 4]);
  expect(() => contiguousExamples(examples, { first: 4, end: 7 })).toThrow('invariant violated');
});
