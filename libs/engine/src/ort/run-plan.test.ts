import { chunksOf, TreeSum } from '@weft/core';
import { describe, expect, test } from 'vitest';
import { makeNode, type Program } from '../ir/node.ts';
import fc from 'fast-check';
import { chunksPerRun, cutChunks, groupChunks, largestPiece } from './run-plan.ts';

const x = makeNode({ op: 'input', name: 'x', role: 'rows' }, [], [4, 4, 4, 2]);
const dense: Program = { outputs: [{ name: 'y', node: makeNode({ op: 'unary', fn: 'tanh' }, [x], x.shape) }] };
const geometry = { window: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0] } as const;
const convolutional: Program = {
  outputs: [{ name: 'y', node: makeNode({ op: 'maxPool', geometry }, [x], [4, 2, 2, 2]) }],
};

test.each([
  [1, 256],
  [16, 16],
  [20, 8],
  [128, 2],
  [200, 1],
  [5000, 1],
])('chunks of %d rows of a dense model run %d at a time', (chunkSize, expected) => {
  expect(chunksPerRun(dense, chunkSize)).toBe(expected);
});

test('images run chunk by chunk', () => {
  expect(chunksPerRun(convolutional, 1)).toBe(1);
});

test.each([1, 2, 3, 7, 8, 9, 31, 64])('groups are whole nodes of the tree over %d chunks, and cover it', (count) => {
  const sizes = Array.from({ length: count }, (_, chunk) => (chunk === count - 1 ? 1 : 3));
  for (const together of [1, 2, 4, 8, 64]) {
    const groups = groupChunks(sizes, together);
    const sum = new TreeSum<number[]>(count, (left, right) => [...left, ...right]);
    for (const { node, first, sizes: some } of groups) {
      expect(chunksOf(node, count)).toEqual({ first, end: first + some.length });
      sum.give(node, [...some]);
    }
    expect(sum.root).toEqual(sizes);
  }
});

describe('cutting large chunks', () => {
  test.each([
    [1, [1]],
    [256, [256]],
    [257, [128, 129]],
    [600, [150, 150, 150, 150]],
    [2048, [256, 256, 256, 256, 256, 256, 256, 256]],
  ])('a chunk of %d rows is pieces of %j', (size, expected) => {
    expect(cutChunks([size], largestPiece).flatMap(({ sizes }) => sizes)).toEqual(expected);
  });

  test('the pieces of a chunk do not depend on the others, and their tree is the tree of the chunks', () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 60_000 }));
    const property = fc.property(fc.integer({ min: 1, max: 9 }), size, fc.nat(), (count, most, short) => {
      const chunkSizes = [...Array<number>(count - 1).fill(most), 1 + (short % most)];
      const pieces = cutChunks(chunkSizes, largestPiece);
      const tree = new TreeSum<string>(pieces.length, (left, right) => `(${left} ${right})`);
      for (const { node, sizes, firstChunk, firstRow } of pieces) {
        tree.give(node, `${String(firstChunk)}:${String(firstRow)}+${String(sizes[0])}`);
      }
      const chunks = new TreeSum<string>(count, (left, right) => `(${left} ${right})`);
      chunkSizes.forEach((rows, index) => {
        const own = cutChunks([rows], largestPiece);
        const sum = new TreeSum<string>(own.length, (left, right) => `(${left} ${right})`);
        for (const { node, sizes, firstRow } of own) {
          expect(sizes[0]).toBeLessThanOrEqual(largestPiece);
          sum.give(node, `${String(index)}:${String(firstRow)}+${String(sizes[0])}`);
        }
        chunks.give({ level: 0, index }, sum.root);
      });
      expect(tree.root).toBe(chunks.root);
    });
    fc.assert(property, { numRuns: 60 });
  });

  test('chunks of different sizes are a bug', () => {
    expect(() => cutChunks([600, 300, 600], largestPiece)).toThrow('of one size');
    expect(() => cutChunks([300, 600], largestPiece)).toThrow('of one size');
  });
});
