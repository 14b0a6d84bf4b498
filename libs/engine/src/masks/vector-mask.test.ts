import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fillScalarMask } from './scalar-mask.ts';
import { fillVectorMask } from './vector-mask.ts';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const counter = fc.record({ counter1: word, counter2: word, counter3: word, key0: word, key1: word });

test('the kernel writes the bytes of its scalar twin, and nothing outside', () => {
  const property = fc.property(
    counter,
    fc.integer({ min: 0, max: 2 ** 16 }),
    fc.integer({ min: 0, max: 2000 }),
    fc.integer({ min: 0, max: 40 }),
    fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 70_000 })),
    (key, threshold, length, before, offset) => {
      const around = new Uint8Array(before + length + 5).fill(9);
      fillVectorMask(key, threshold, around.subarray(before, before + length), offset);
      const expected = new Uint8Array(around.length).fill(9);
      fillScalarMask(key, threshold, expected.subarray(before, before + length), offset);
      expect(around).toEqual(expected);
    },
  );
  fc.assert(property, { numRuns: 300, seed: 1 });
});

test('a mask longer than one piece of the kernel equals the twin', () => {
  const key = { counter1: 1, counter2: 2, counter3: 3, key0: 4, key1: 5 };
  for (const [length, offset] of [
    [32_768, 0],
    [32_769, 0],
    [100_001, 0],
    [32_768, 129],
    [100_001, 32_767],
  ] as const) {
    const mask = new Uint8Array(length);
    const expected = new Uint8Array(length);
    fillVectorMask(key, 45_875, mask, offset);
    fillScalarMask(key, 45_875, expected, offset);
    expect(Buffer.compare(mask, expected)).toBe(0);
  }
});
