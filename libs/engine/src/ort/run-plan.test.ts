import { chunksOf, TreeSum } from '@weft/core';
import { expect, test } from 'vitest';
import { makeNode, type Program } from '../ir/node.ts';
import { chunksPerRun, groupChunks } from './run-plan.ts';

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
