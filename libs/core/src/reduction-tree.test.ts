import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addInPlace,
  chunksOf,
  compareNodes,
  coverRange,
  rootLevel,
  TreeSum,
  type ChunkRange,
  type TreeNode,
} from './reduction-tree.ts';

/** The definition, word for word: a chunk is itself, a node is left + right, an empty right child is left out. */
function sumOfNode(node: TreeNode, chunks: readonly string[]): string {
  const { first, end } = chunksOf(node, chunks.length);
  if (end - first === 1) return chunks[first] ?? '';
  const left = { level: node.level - 1, index: node.index * 2 };
  const right = { level: node.level - 1, index: node.index * 2 + 1 };
  const { first: rightFirst, end: rightEnd } = chunksOf(right, chunks.length);
  if (rightEnd === rightFirst) return sumOfNode(left, chunks);
  return `(${sumOfNode(left, chunks)}+${sumOfNode(right, chunks)})`;
}

function names(chunkCount: number): string[] {
  return Array.from({ length: chunkCount }, (_, chunk) => String(chunk));
}

function widthOf(range: ChunkRange): number {
  return range.end - range.first;
}

const chunkCounts = fc.integer({ min: 1, max: 70 });

/** A chunk count and a cut of [0, count) into contiguous ranges, as ranks and survivors have them. */
const cuts = chunkCounts.chain((chunkCount) =>
  fc.record({
    chunkCount: fc.constant(chunkCount),
    ranges: fc.uniqueArray(fc.integer({ min: 1, max: chunkCount }), { maxLength: 8 }).map((inner) => {
      const edges = [...new Set([0, ...inner, chunkCount])].sort((a, b) => a - b);
      return edges.slice(1).map((end, i): ChunkRange => ({ first: edges[i] ?? 0, end }));
    }),
  }),
);

test.each([
  [1, '0'],
  [2, '(0+1)'],
  [3, '((0+1)+2)'],
  [5, '(((0+1)+(2+3))+4)'],
  [6, '(((0+1)+(2+3))+(4+5))'],
  [7, '(((0+1)+(2+3))+((4+5)+6))'],
])('%i chunks are added as %s', (chunkCount, expected) => {
  expect(sumOfNode({ level: rootLevel(chunkCount), index: 0 }, names(chunkCount))).toBe(expected);
});

test('whatever the cut and the order of arrival, the sum is the recursive definition', () => {
  const arrivals = cuts.chain(({ chunkCount, ranges }) => {
    const nodes = ranges.flatMap((range) => coverRange(range, chunkCount));
    return fc.record({
      chunkCount: fc.constant(chunkCount),
      nodes: fc.shuffledSubarray(nodes, { minLength: nodes.length, maxLength: nodes.length }),
    });
  });
  fc.assert(
    fc.property(arrivals, ({ chunkCount, nodes }) => {
      const chunks = names(chunkCount);
      const sum = new TreeSum<string>(chunkCount, (left, right) => `(${left}+${right})`);
      let covered = 0;
      for (const node of nodes) {
        expect(sum.complete).toBe(false);
        sum.give(node, sumOfNode(node, chunks));
        covered += widthOf(chunksOf(node, chunkCount));
        expect(sum.covered).toBe(covered);
      }
      expect(sum.complete).toBe(true);
      expect(sum.root).toBe(sumOfNode({ level: rootLevel(chunkCount), index: 0 }, chunks));
    }),
  );
});

test('a cover is exact, in chunk order, and at most 2 * log2 of the chunks', () => {
  fc.assert(
    fc.property(cuts, ({ chunkCount, ranges }) => {
      for (const range of ranges) {
        const nodes = coverRange(range, chunkCount);
        let next = range.first;
        for (const node of nodes) {
          const { first, end } = chunksOf(node, chunkCount);
          expect(first).toBe(next);
          next = end;
        }
        expect(next).toBe(range.end);
        expect(nodes.length).toBeLessThanOrEqual(Math.max(1, 2 * rootLevel(chunkCount)));
        expect([...nodes].sort(compareNodes)).toEqual(nodes);
      }
    }),
  );
});

test('no cover has fewer nodes', () => {
  for (let chunkCount = 1; chunkCount <= 20; chunkCount++) {
    for (let first = 0; first < chunkCount; first++) {
      // Fewest nodes from `first` to each end, over all nodes that there are.
      const fewest = new Map([[first, 0]]);
      for (let at = first; at < chunkCount; at++) {
        const here = fewest.get(at);
        if (here === undefined) continue;
        for (let level = 0; level <= rootLevel(chunkCount); level++) {
          const node = { level, index: Math.floor(at / 2 ** level) };
          const range = chunksOf(node, chunkCount);
          if (range.first === at) fewest.set(range.end, Math.min(fewest.get(range.end) ?? Infinity, here + 1));
        }
      }
      for (let end = first + 1; end <= chunkCount; end++) {
        expect(coverRange({ first, end }, chunkCount)).toHaveLength(fewest.get(end) ?? NaN);
      }
    }
  }
});

test('an empty range has no cover', () => {
  expect(coverRange({ first: 3, end: 3 }, 8)).toEqual([]);
});

test.each([
  [
    'a chunk that a part covered already',
    4,
    [
      { level: 1, index: 0 },
      { level: 1, index: 1 },
      { level: 0, index: 0 },
    ],
  ],
  [
    'a node twice',
    4,
    [
      { level: 0, index: 1 },
      { level: 0, index: 1 },
    ],
  ],
  ['a node beyond the chunks', 3, [{ level: 0, index: 3 }]],
])('%s is a bug of the caller', (_, chunkCount, nodes) => {
  const sum = new TreeSum<number>(chunkCount, (left, right) => left + right);
  expect(() => {
    for (const node of nodes) sum.give(node, 1);
  }).toThrow('invariant');
});

test('there is no root before every chunk has been given, and no tree without chunks', () => {
  expect(() => new TreeSum<number>(2, (left, right) => left + right).root).toThrow('not complete');
  expect(() => rootLevel(0)).toThrow('at least one chunk');
});

test('float32 sums round after every addition, into the left buffer', () => {
  const left = Float32Array.of(2 ** 24, 0.1);
  const right = Float32Array.of(1, 0.2);
  expect(addInPlace(left, right)).toBe(left);
  expect([...left]).toEqual([2 ** 24, Math.fround(Math.fround(0.1) + Math.fround(0.2))]);
  expect([...right]).toEqual([1, Math.fround(0.2)]);
  expect(() => addInPlace(left, new Float32Array(3))).toThrow('lengths differ');
});
