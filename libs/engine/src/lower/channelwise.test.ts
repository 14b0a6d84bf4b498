/** What follows a convolution stays in the blocked layout and gives the same numbers as the plain one. */
import { beforeAll, expect, test } from 'vitest';
import { makeNode, splat, type IrNode, type Shape } from '../ir/node.ts';
import type { BinaryFunction } from '../ir/operation.ts';
import { evaluateProgram } from '../ort/evaluate-program.ts';
import { probeBlockSize } from '../ort/processor.ts';
import { loadRuntime, type Runtime } from '../ort/runtime.ts';
import { nodesOf, usesOf } from '../ir/traverse.ts';
import { lower } from './lower.ts';

let runtime: Runtime;
let blockSize: number | undefined;
beforeAll(async () => {
  runtime = await loadRuntime();
  blockSize = await probeBlockSize(runtime);
});

const image: Shape = [3, 5, 4, 32];
const shapes: Readonly<Record<string, Shape>> = {
  x: [3, 5, 4, 16],
  filter: [1, 1, 16, 32],
  scale: [32],
  shift: [1, 1, 1, 32],
  other: image,
};

const input = (name: string): IrNode => makeNode({ op: 'input', name, role: 'parameter' }, [], shapes[name] ?? []);
const [scale, shift, other] = [input('scale'), input('shift'), input('other')];
const geometry = { window: [1, 1], strides: [1, 1], dilations: [1, 1], padding: [0, 0, 0, 0] } as const;
const product = makeNode({ op: 'conv', geometry, activation: undefined }, [input('x'), input('filter')], image);
const binary = (fn: BinaryFunction, a: IrNode, b: IrNode): IrNode => makeNode({ op: 'binary', fn }, [a, b], image);
const axes = [0, 1, 2];

const cases: Readonly<Record<string, () => IrNode>> = {
  'a product with channels': () => binary('mul', scale, product),
  'a sum with channels': () => binary('add', shift, product),
  'a difference with channels': () => binary('sub', product, scale),
  'channels minus an image': () => binary('sub', scale, product),
  'a scaled and shifted image': () => binary('sub', binary('mul', product, scale), shift),
  'a scaled image added': () => binary('add', binary('mul', product, scale), other),
  'a scaled image taken away': () => binary('sub', other, binary('mul', product, scale)),
  'a scaled image that is read twice': () => {
    const scaled = binary('mul', product, scale);
    return binary('sub', binary('add', scaled, shift), scaled);
  },
  'a quotient by channels': () =>
    binary('div', product, makeNode({ op: 'binary', fn: 'add' }, [shift, splat(3)], shift.shape)),
  'a product with a plain image': () => binary('mul', product, other),
  'a scalar': () => binary('mul', product, splat(0.3)),
  'a rectifier and its mask': () => {
    const relu = makeNode({ op: 'unary', fn: 'relu' }, [product], image);
    return binary('mul', other, makeNode({ op: 'unary', fn: 'step' }, [relu], image));
  },
  'a sum over all but channels': () =>
    makeNode({ op: 'reduce', fn: 'sum', axes, keepDimensions: false }, [binary('mul', product, product)], [32]),
  'examples taken apart and joined': () => {
    const parts = [0, 1, 2].map((first) =>
      makeNode({ op: 'slice', begin: [first, 0, 0, 0], size: [1, 5, 4, 32] }, [product], [1, 5, 4, 32]),
    );
    return binary('add', makeNode({ op: 'concat', axis: 0 }, parts.toReversed(), image), scale);
  },
  'some of the examples': () =>
    makeNode({ op: 'slice', begin: [1, 0, 0, 0], size: [2, 5, 4, 32] }, [product], [2, 5, 4, 32]),
};

test.each(Object.entries(cases))('%s: both layouts give the same numbers', async (_, build) => {
  const program = { outputs: [{ name: 'y', node: build() }] };
  const inputs = Object.fromEntries(
    nodesOf(program).flatMap(({ operation, shape }, seed) =>
      operation.op === 'input'
        ? [
            [
              operation.name,
              {
                shape,
                values: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (__, i) => Math.sin(i * i + seed)),
              },
            ],
          ]
        : [],
    ),
  );
  const plain = await evaluateProgram(runtime, program, inputs, { blockSize: undefined });
  const blocked = await evaluateProgram(runtime, program, inputs, { blockSize });
  const [expected, found] = [plain['y'] ?? new Float32Array(), blocked['y'] ?? new Float32Array()];
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeGreaterThan(0);
  expect(found).toHaveLength(expected.length);
  expect(expected.every((value, i) => Math.abs(value - (found[i] ?? NaN)) <= largest * 1e-6)).toBe(true);
});

test('one pass takes a difference, a product and a sum with channels; nothing leaves the layout in between', () => {
  const centred = binary('sub', product, shift);
  const program = { outputs: [{ name: 'y', node: binary('add', binary('mul', centred, scale), shift) }] };
  expect(usesOf(program).get(centred)).toHaveLength(1);
  const { graph } = lower(program, { blockSize: 16 });
  const operators = graph.nodes.map(({ operator }) => operator);
  expect(operators.filter((operator) => operator === 'Conv')).toHaveLength(3);
  expect(operators.filter((operator) => operator === 'ReorderOutput')).toHaveLength(1);
  expect(operators).not.toContain('Mul');
});
