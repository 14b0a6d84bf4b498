import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assignChunks } from '../batch-plan.ts';
import { rebalance, sharesBySpeed, stepSeconds } from './balance.ts';

test.each([
  { name: 'equal speeds', seconds: [1, 1, 1], shares: [100, 100, 100] },
  { name: 'one three times as slow', seconds: [1, 3, 1], shares: [100, 33, 100] },
  {
    name: 'one without a measurement counts as the mean of the others',
    seconds: [1, undefined, 0.5],
    shares: [50, 75, 100],
  },
  { name: 'nothing known', seconds: [undefined, undefined], shares: [1, 1] },
  { name: 'a very slow one still has a share', seconds: [1, 100_000], shares: [100, 1] },
])('shares by speed: $name', ({ seconds, shares }) => {
  expect(sharesBySpeed(seconds)).toEqual(shares);
});

test.each([
  { name: 'equal speeds', chunks: 12, shares: [1, 1], seconds: [1, 1], better: undefined },
  { name: 'twice as slow', chunks: 12, shares: [1, 1], seconds: [1, 2], better: [100, 50] },
  { name: 'a little slower', chunks: 12, shares: [1, 1], seconds: [1, 1.05], better: undefined },
  { name: 'slower, in chunks too few to move one', chunks: 2, shares: [1, 1], seconds: [1, 1.6], better: undefined },
  {
    name: 'twice as slow, in steps too short to matter',
    chunks: 12,
    shares: [1, 1],
    seconds: [1e-5, 2e-5],
    better: undefined,
  },
  { name: 'fast again', chunks: 12, shares: [100, 50], seconds: [1, 1], better: [100, 100] },
  {
    name: 'one that is new counts as the mean',
    chunks: 12,
    shares: [1, 1, 1],
    seconds: [1, 4, undefined],
    better: [100, 25, 63],
  },
])('better shares: $name', ({ chunks, shares, seconds, better }) => {
  expect(rebalance(chunks, shares, seconds)).toEqual(better);
});

const speeds = fc.array(fc.double({ min: 1e-4, max: 10, noNaN: true }), { minLength: 1, maxLength: 12 });

test('whatever the speeds: every chunk is given out once, new shares save time, and a second look changes nothing', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), speeds, (chunkCount, seconds) => {
      const even = seconds.map(() => 1);
      const shares = rebalance(chunkCount, even, seconds) ?? even;
      const ranges = assignChunks(chunkCount, shares);
      expect(ranges.reduce((end, range) => (range.first === end ? range.end : NaN), 0)).toBe(chunkCount);
      if (shares !== even) {
        const saved = stepSeconds(chunkCount, even, seconds) - stepSeconds(chunkCount, shares, seconds);
        expect(saved).toBeGreaterThan(0);
      }
      expect(rebalance(chunkCount, shares, seconds)).toBeUndefined();
    }),
  );
});
