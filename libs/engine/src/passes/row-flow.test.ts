import { describe, expect, test } from 'vitest';
import { makeNode, splat, type IrNode, type Shape } from '../ir/node.ts';
import type { Operation } from '../ir/operation.ts';
import { flowOf, isRowSeparable, type Flow } from './row-flow.ts';

const rows = 4;
const node = (operation: Operation, shapes: Shape[], shape: Shape): IrNode =>
  makeNode(
    operation,
    shapes.map((each) => splat(0, each)),
    shape,
  );
const add: Operation = { op: 'binary', fn: 'add' };
const product = (transposeA: boolean, transposeB: boolean): Operation => ({ op: 'matmul', transposeA, transposeB });
const sum = (...axes: number[]): Operation => ({ op: 'reduce', fn: 'sum', axes, keepDimensions: false });

describe('flowOf', () => {
  test.each<[string, Operation, [Flow, Shape][], Shape, Flow | undefined]>([
    [
      'rows plus a bias',
      add,
      [
        ['rows', [4, 3]],
        ['fixed', [3]],
      ],
      [4, 3],
      'rows',
    ],
    [
      'rows minus a statistic',
      add,
      [
        ['rows', [4, 3]],
        ['sums', [3]],
      ],
      [4, 3],
      'rows',
    ],
    [
      'parameters together',
      add,
      [
        ['fixed', [3]],
        ['fixed', [3]],
      ],
      [3],
      'fixed',
    ],
    [
      'sums and parameters',
      add,
      [
        ['sums', [3]],
        ['fixed', [3]],
      ],
      [3],
      'sums',
    ],
    [
      'rows that meet another axis',
      add,
      [
        ['rows', [4]],
        ['fixed', [4, 4]],
      ],
      [4, 4],
      undefined,
    ],
    [
      'rows times weights',
      product(false, false),
      [
        ['rows', [4, 3]],
        ['fixed', [3, 2]],
      ],
      [4, 2],
      'rows',
    ],
    [
      'a gradient times weights, transposed',
      product(false, true),
      [
        ['rows', [4, 2]],
        ['fixed', [3, 2]],
      ],
      [4, 3],
      'rows',
    ],
    [
      'a weight gradient',
      product(true, false),
      [
        ['rows', [4, 3]],
        ['rows', [4, 2]],
      ],
      [3, 2],
      'sums',
    ],
    [
      'all pairs of rows',
      product(false, true),
      [
        ['rows', [4, 3]],
        ['rows', [4, 3]],
      ],
      [4, 4],
      undefined,
    ],
    [
      'a matrix for each example',
      product(false, false),
      [
        ['rows', [4, 2, 3]],
        ['rows', [4, 3, 2]],
      ],
      [4, 2, 2],
      'rows',
    ],
    ['a sum over examples', sum(0), [['rows', [4, 3]]], [3], 'sums'],
    ['a sum within rows', sum(1), [['rows', [4, 3]]], [4], 'rows'],
    ['images as more rows', { op: 'reshape' }, [['rows', [4, 5, 3]]], [20, 3], 'rows'],
    ['rows under a new axis', { op: 'reshape' }, [['rows', [4, 3]]], [1, 4, 3], undefined],
    ['channels first', { op: 'transpose', permutation: [0, 2, 1] }, [['rows', [4, 5, 3]]], [4, 3, 5], 'rows'],
    ['time first', { op: 'transpose', permutation: [1, 0, 2] }, [['rows', [4, 5, 3]]], [5, 4, 3], undefined],
    [
      'rows beside rows',
      { op: 'concat', axis: 1 },
      [
        ['rows', [4, 3]],
        ['rows', [4, 2]],
      ],
      [4, 5],
      'rows',
    ],
    [
      'rows below rows',
      { op: 'concat', axis: 0 },
      [
        ['rows', [4, 3]],
        ['rows', [4, 3]],
      ],
      [8, 3],
      undefined,
    ],
    ['the first rows', { op: 'slice', begin: [0, 0], size: [2, 3] }, [['rows', [4, 3]]], [2, 3], undefined],
    ['columns of rows', { op: 'slice', begin: [0, 1], size: [4, 2] }, [['rows', [4, 3]]], [4, 2], 'rows'],
  ])('%s', (_, operation, inputs, shape, expected) => {
    const made = node(
      operation,
      inputs.map(([, each]) => each),
      shape,
    );
    expect(
      flowOf(
        made,
        inputs.map(([flow]) => flow),
        rows,
      ),
    ).toBe(expected);
  });

  test('inputs say themselves what they are', () => {
    expect(flowOf(node({ op: 'input', name: 'x', role: 'rows' }, [], [4, 3]), [], rows)).toBe('rows');
    expect(flowOf(node({ op: 'input', name: 'p0', role: 'parameter' }, [], [4, 3]), [], rows)).toBe('fixed');
  });
});

test('sums within rows, logarithms and powers depend on where a row lies', () => {
  const separable = (operation: Operation): boolean => isRowSeparable(node(operation, [[4, 3]], [4, 3]));
  expect(
    [sum(1), { op: 'unary', fn: 'log' }, { op: 'binary', fn: 'pow' }].map((each) => separable(each as Operation)),
  ).toEqual([false, false, false]);
  expect([add, product(false, false), { op: 'unary', fn: 'tanh' }].map((each) => separable(each as Operation))).toEqual(
    [true, true, true],
  );
});
