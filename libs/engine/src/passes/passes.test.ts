/** The passes that leave a program's meaning as it is: what they do, and that they leave it. */
import { beforeAll, describe, expect, test } from 'vitest';
import { makeNode, splat, type IrNode, type Program, type Shape } from '../ir/node.ts';
import type { BinaryFunction, UnaryFunction } from '../ir/operation.ts';
import { nodesOf } from '../ir/traverse.ts';
import { evaluateProgram } from '../ort/evaluate-program.ts';
import { loadRuntime, type Runtime } from '../ort/runtime.ts';
import { foldConstants } from './fold-constants.ts';
import { fuseBias } from './fuse-bias.ts';
import { fuseRelu } from './fuse-relu.ts';
import { optimize } from './optimize.ts';
import { shareSubexpressions } from './share-subexpressions.ts';

const input = (name: string, shape: Shape): IrNode => makeNode({ op: 'input', name, role: 'rows' }, [], shape);
const unary = (fn: UnaryFunction, x: IrNode): IrNode => makeNode({ op: 'unary', fn }, [x], x.shape);
const binary = (fn: BinaryFunction, a: IrNode, b: IrNode): IrNode =>
  makeNode({ op: 'binary', fn }, [a, b], a.shape.length >= b.shape.length ? a.shape : b.shape);
const reshape = (x: IrNode, shape: Shape): IrNode => makeNode({ op: 'reshape' }, [x], shape);
const program = (...nodes: IrNode[]): Program => ({
  outputs: nodes.map((node, index) => ({ name: `out${String(index)}`, node })),
});
const outputOf = (of: Program): IrNode | undefined => of.outputs[0]?.node;
const operations = (of: Program): string[] =>
  nodesOf(of).map(({ operation }) => ('fn' in operation ? operation.fn : operation.op));

describe('foldConstants', () => {
  const x = input('x', [2, 3]);

  test.each<[string, IrNode]>([
    ['x + 0', binary('add', x, splat(0))],
    ['x * 1', binary('mul', x, splat(1, [2, 3]))],
    ['1 * x', binary('mul', splat(1), x)],
    ['x / 1', binary('div', x, splat(1))],
    ['x reshaped and back', reshape(reshape(x, [6]), [2, 3])],
    ['x transposed by nothing', makeNode({ op: 'transpose', permutation: [0, 1] }, [x], [2, 3])],
  ])('%s is x', (_, node) => {
    expect(outputOf(foldConstants(program(node)))).toBe(x);
  });

  test.each<[string, IrNode, number]>([
    ['a sum of constants', binary('add', splat(0.1), splat(0.2)), Math.fround(Math.fround(0.1) + Math.fround(0.2))],
    ['a square root', unary('sqrt', splat(2)), Math.fround(Math.SQRT2)],
    ['a reshaped constant', reshape(splat(3, [6]), [2, 3]), 3],
  ])('%s is computed in float32', (_, node, expected) => {
    const folded = outputOf(foldConstants(program(node)))?.operation;
    expect(folded?.op === 'splat' ? Math.fround(folded.value) : undefined).toBeCloseTo(expected, 7);
  });

  test('0 - x is not x', () => {
    expect(operations(foldConstants(program(binary('sub', splat(0), x))))).toContain('sub');
  });

  test('a sum over ones is left alone: it depends on how many rows there are', () => {
    const sum = makeNode({ op: 'reduce', fn: 'sum', axes: [0], keepDimensions: false }, [splat(1, [4])], []);
    expect(operations(foldConstants(program(sum)))).toContain('sum');
  });

  test('a spread value is scaled before it is spread', () => {
    const spread = binary(
      'div',
      makeNode({ op: 'binary', fn: 'mul' }, [input('y', [2, 1]), splat(1, [2, 3])], [2, 3]),
      splat(4),
    );
    expect(operations(foldConstants(program(spread)))).toEqual(['input', 'splat', 'splat', 'div', 'mul']);
  });

  test('a reduction does not see axes of length one', () => {
    const stacked = makeNode(
      { op: 'reduce', fn: 'sum', axes: [0, 1], keepDimensions: false },
      [reshape(x, [1, 2, 3])],
      [3],
    );
    const folded = outputOf(foldConstants(program(stacked)));
    expect(folded?.operation).toMatchObject({ op: 'reduce', axes: [0] });
    expect(folded?.inputs).toEqual([x]);
  });
});

test('shareSubexpressions: equal nodes become one, through several levels', () => {
  const x = input('x', [2]);
  const twice = (): IrNode => unary('exp', unary('neg', x));
  expect(nodesOf(shareSubexpressions(program(binary('add', twice(), twice())))).length).toBe(4);
});

test('dead code does not come up', () => {
  const x = input('x', [2]);
  unary('exp', x);
  expect(nodesOf(program(unary('neg', x))).length).toBe(2);
});

describe('fusion', () => {
  const geometry = { window: [1, 1], strides: [1, 1], padding: [0, 0, 0, 0], dilations: [1, 1] } as const;
  const convolve = (): IrNode =>
    makeNode(
      { op: 'conv', geometry, activation: undefined },
      [input('x', [2, 3, 3, 4]), input('w', [1, 1, 4, 5])],
      [2, 3, 3, 5],
    );

  test('a bias and a rectifier go into their convolution', () => {
    const fused = outputOf(fuseBias(program(unary('relu', binary('add', convolve(), input('b', [5]))))));
    expect(fused?.operation).toMatchObject({ op: 'conv', activation: 'relu' });
    expect(fused?.inputs.length).toBe(3);
  });

  test('a product that is read elsewhere keeps its bias apart', () => {
    const product = convolve();
    const fused = fuseBias(program(binary('add', product, input('b', [5])), unary('exp', product)));
    expect(operations(fused)).toContain('add');
  });

  test('the mask of a rectifier comes from its output', () => {
    const x = input('x', [4]);
    const relu = unary('relu', x);
    const masked = fuseRelu(program(binary('mul', relu, unary('step', x))));
    const step = nodesOf(masked).find(({ operation }) => operation.op === 'unary' && operation.fn === 'step');
    expect(step?.inputs[0]?.operation).toEqual({ op: 'unary', fn: 'relu' });
  });

  test('a mask behind the gradient of a maximum pool is applied before it', () => {
    const pool = { window: [2, 2], strides: [2, 2], padding: [0, 0, 0, 0] } as const;
    const x = unary('relu', input('x', [1, 4, 4, 2]));
    const y = makeNode({ op: 'maxPool', geometry: pool }, [x], [1, 2, 2, 2]);
    const gradient = makeNode({ op: 'maxPoolGradient', geometry: pool }, [input('dy', [1, 2, 2, 2]), x, y], x.shape);
    const fused = outputOf(fuseRelu(program(binary('mul', gradient, unary('step', x)))));
    expect(fused?.operation.op).toBe('maxPoolGradient');
    expect(fused?.inputs[0]?.shape).toEqual([1, 2, 2, 2]);
  });
});

describe('all passes together', () => {
  let runtime: Runtime;
  beforeAll(async () => {
    runtime = await loadRuntime();
  });

  test('leave results as they are', async () => {
    const x = input('x', [2, 3]);
    const product = makeNode({ op: 'matmul', transposeA: false, transposeB: false }, [x, input('w', [3, 4])], [2, 4]);
    const biased = unary('relu', binary('add', product, input('b', [4])));
    const scaled = binary('mul', binary('div', biased, splat(3, [2, 4])), splat(1, [2, 4]));
    const before = program(binary('add', scaled, binary('sub', scaled, splat(0))), unary('step', biased));
    const values = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i + length));
    const inputs = {
      x: { shape: [2, 3], values: values(6) },
      w: { shape: [3, 4], values: values(12) },
      b: { shape: [4], values: values(4) },
    };
    const options = { blockSize: undefined };
    const expected = await evaluateProgram(runtime, before, inputs, options);
    const actual = await evaluateProgram(runtime, optimize(before), inputs, options);
    for (const [name, result] of Object.entries(expected)) {
      result.forEach((value, index) => {
        expect(actual[name]?.[index]).toBeCloseTo(value, 6);
      });
    }
  });
});
