import fc from 'fast-check';
import { expect, test } from 'vitest';
import { trainerId, type TrainerId } from '../id.ts';
import type { ChunkRange } from '../reduction-tree.ts';
import { ChunkLedger } from './chunk-ledger.ts';

const [a, b, c] = ['a', 'b', 'c'].map(trainerId) as [TrainerId, TrainerId, TrainerId];

function chunksIn(ranges: readonly ChunkRange[]): number[] {
  return ranges.flatMap(({ first, end }) => Array.from({ length: end - first }, (_, i) => first + i));
}

test('members share the chunks in rank order; one without chunks has no range', () => {
  const ledger = new ChunkLedger(2, [a, b, c]);
  expect([a, b, c].map((trainer) => ledger.rangesOf(trainer))).toEqual([
    [],
    [{ first: 0, end: 1 }],
    [{ first: 1, end: 2 }],
  ]);
});

test('no chunks are complete at once', () => {
  expect(new ChunkLedger(0, [a]).complete).toBe(true);
});

test('only what a lost trainer still owes is given away, evenly, beside what the others have', () => {
  const ledger = new ChunkLedger(12, [a, b, c]);
  ledger.arrive({ first: 0, end: 1 });
  ledger.arrive({ first: 2, end: 3 });
  ledger.reassign(a, [b, c]);
  expect(ledger.rangesOf(a)).toEqual([]);
  expect(ledger.rangesOf(b)).toEqual([
    { first: 4, end: 8 },
    { first: 1, end: 2 },
  ]);
  expect(ledger.rangesOf(c)).toEqual([
    { first: 8, end: 12 },
    { first: 3, end: 4 },
  ]);
});

test('a range is assigned to whom it was given in one piece only', () => {
  const ledger = new ChunkLedger(8, [a, b]);
  ledger.reassign(b, [a]);
  expect(ledger.isAssigned(a, { first: 1, end: 3 })).toBe(true);
  expect(ledger.isAssigned(a, { first: 3, end: 5 })).toBe(false);
  expect(ledger.isAssigned(b, { first: 4, end: 8 })).toBe(false);
});

test('a range has arrived when any of its chunks has', () => {
  const ledger = new ChunkLedger(4, [a]);
  ledger.arrive({ first: 1, end: 2 });
  expect(ledger.hasArrived({ first: 0, end: 4 })).toBe(true);
  expect(ledger.hasArrived({ first: 2, end: 4 })).toBe(false);
});

const actions = fc.array(
  fc.record({ kind: fc.constantFrom('arrive' as const, 'arrive' as const, 'lose' as const), pick: fc.nat() }),
  { maxLength: 60 },
);

test('whatever arrives and whoever is lost, each chunk is owed by exactly one trainer or has arrived', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 }), actions, (count, world, steps) => {
      let members = Array.from({ length: world }, (_, rank) => trainerId(`t${String(rank)}`));
      const ledger = new ChunkLedger(count, members);
      const arrived = new Set<number>();
      for (const { kind, pick } of steps) {
        const trainer = members[pick % members.length];
        if (trainer === undefined) return;
        if (kind === 'lose' && members.length > 1) {
          members = members.filter((member) => member !== trainer);
          ledger.reassign(trainer, members);
        } else {
          const owed = chunksIn(ledger.rangesOf(trainer)).filter((chunk) => !arrived.has(chunk));
          const chunk = owed[pick % Math.max(1, owed.length)];
          if (chunk === undefined) continue;
          expect(ledger.hasArrived({ first: chunk, end: chunk + 1 })).toBe(false);
          ledger.arrive({ first: chunk, end: chunk + 1 });
          arrived.add(chunk);
        }
        const owed = members.flatMap((member) => chunksIn(ledger.rangesOf(member))).filter((x) => !arrived.has(x));
        expect([...owed, ...arrived].sort((x, y) => x - y)).toEqual(Array.from({ length: count }, (_, i) => i));
        expect(ledger.complete).toBe(arrived.size === count);
      }
    }),
  );
});
