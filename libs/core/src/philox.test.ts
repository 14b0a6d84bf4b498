import { expect, test } from 'vitest';
import { philoxBlock, PhiloxStream } from './philox.ts';

// Known answers of Philox4x32-10 from the Random123 distribution (kat_vectors).
const knownAnswers = [
  { counter: [0, 0, 0, 0], key: [0, 0], block: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    block: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    block: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as const;

test.each(knownAnswers)('a block equals the published vector for counter $counter', ({ counter, key, block }) => {
  const out = new Uint32Array(4);
  philoxBlock(counter[0], counter[1], counter[2], counter[3], key[0], key[1], out);
  expect([...out]).toEqual([...block]);
});

test('streams that differ in one coordinate differ, and equal streams repeat', () => {
  const words = (seed: number, a: number, b: number): number[] => {
    const stream = new PhiloxStream(seed, 'permutation', a, b);
    return Array.from({ length: 8 }, () => stream.word());
  };
  const reference = words(7, 1, 2);
  expect(words(7, 1, 2)).toEqual(reference);
  for (const other of [words(8, 1, 2), words(7 + 2 ** 32, 1, 2), words(7, 2, 2), words(7, 1, 3)]) {
    expect(other).not.toEqual(reference);
  }
});

test('uniforms have the mean and variance of [0, 1), normals those of N(0, 1)', () => {
  const stream = new PhiloxStream(1, 'initializer');
  const moments = (draw: () => number): { mean: number; variance: number } => {
    const values = Array.from({ length: 20_000 }, draw);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
  };
  const uniform = moments(() => stream.uniform());
  expect(uniform.mean).toBeCloseTo(0.5, 1);
  expect(uniform.variance).toBeCloseTo(1 / 12, 2);
  const normal = moments(() => stream.normal());
  expect(normal.mean).toBeCloseTo(0, 1);
  expect(normal.variance).toBeCloseTo(1, 1);
});

test('integers below a bound reach every value equally often', () => {
  const stream = new PhiloxStream(3, 'study');
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) {
    const value = stream.below(7);
    counts[value] = (counts[value] ?? 0) + 1;
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});
