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
    (key, threshold, length, offset) => {
      const around = new Uint8Array(offset + length + 5).fill(9);
      fillVectorMask(key, threshold, around.subarray(offset, offset + length));
      const expected = new Uint8Array(around.length).fill(9);
      fillScalarMask(key, threshold, expected.subarray(offset, offset + length));
      expect(around).toEqual(expected);
    },
  );
  fc.assert(property, { numRuns: 300, seed: 1 });
});

test('a mask longer than one piece of the kernel equals the twin', () => {
  const key = { counter1: 1, counter2: 2, counter3: 3, key0: 4, key1: 5 };
  for (const length of [32_768, 32_769, 100_001]) {
    const mask = new Uint8Array(length);
    const expected = new Uint8Array(length);
    fillVectorMask(key, 45_875, mask);
    fillScalarMask(key, 45_875, expected);
    expect(Buffer.compare(mask, expected)).toBe(0);
  }
});
