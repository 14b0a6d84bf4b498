import { WeftError } from '@weft/core';
import { create, RoundPartialSchema, type RoundPartial } from '@weft/wire';
import { expect, test } from 'vitest';
import { RoundSums } from './round-sums.ts';

const header = (round: number): RoundPartial => create(RoundPartialSchema, { round });

function give(sums: RoundSums, index: number, ...values: number[]): void {
  sums.take(new Uint8Array(Float32Array.from(values).buffer));
  sums.accept({ level: 0, index }, 3);
}

test('vectors are added along the tree, in whatever order they come', () => {
  // 2^24 + 1 is no float32: only (large + 1) + 1 loses both ones.
  const parts = [2 ** 24, 1, 1] as const;
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]) {
    const sums = new RoundSums();
    for (const chunk of order) give(sums, chunk, parts[chunk] ?? NaN, chunk);
    expect([...sums.finish()]).toEqual([2 ** 24, 3]);
  }
});

test('each round begins anew, and what was held of a step that is given up is forgotten', () => {
  const sums = new RoundSums();
  for (const chunk of [0, 1, 2]) give(sums, chunk, 1);
  expect([...sums.finish()]).toEqual([3]);
  give(sums, 0, 5);
  sums.clear();
  for (const chunk of [0, 1, 2]) give(sums, chunk, 2);
  expect([...sums.finish()]).toEqual([6]);
});

test('a transfer of another size, or for a round that the run has not, is refused with the size that it must have', () => {
  const sums = new RoundSums();
  sums.sizes = [3, 8];
  expect(sums.begin(header(1), 32)).toEqual(new Uint8Array(32));
  for (const [round, bytes, message] of [
    [0, 32, /32 bytes were sent; it must have 12 \(3 float32 values\)/],
    [2, 12, /for round 2 .*; the run has 2 rounds/],
  ] as const) {
    const refused = sums.begin(header(round), bytes);
    expect(refused).toBeInstanceOf(WeftError);
    expect(refused).toMatchObject({ message: expect.stringMatching(message) as string });
  }
});
