import type * as tf from '@tensorflow/tfjs';
import { architecture, architectureNames, tensorflow, topologyOf } from '@weft/nn-models';
import { describe, expect, test } from 'vitest';
import { makeNode, splat, type IrNode, type Program } from '../ir/node.ts';
import { Tracer } from '../trace/tracer.ts';
import { optimize } from './optimize.ts';
import { hasIndependentRows } from './row-independence.ts';

const rows = 257;

async function isIndependent(model: tf.LayersModel): Promise<boolean> {
  const source = { topology: topologyOf(model), loss: 'categoricalCrossentropy', input: 'uint8', seed: 1 } as const;
  model.dispose();
  const tracer = await Tracer.open(source);
  const { program } = tracer.training(rows);
  tracer.dispose();
  return hasIndependentRows(optimize(program), rows);
}

test.each(architectureNames)('%s has independent rows unless it normalizes batches', async (name) => {
  expect(await isIndependent(architecture(name).build())).toBe(name !== 'deep-cnn-bn');
});

test('layer normalization takes statistics of each row, and leaves rows independent', async () => {
  const { layers, sequential } = tensorflow();
  const model = sequential({
    layers: [
      layers.layerNormalization({ inputShape: [6] }),
      layers.prelu(),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  expect(await isIndependent(model)).toBe(true);
});

describe('what becomes of sums over rows', () => {
  const x = makeNode({ op: 'input', name: 'x', role: 'rows' }, [], [rows, 3]);
  const sum = makeNode({ op: 'reduce', fn: 'sum', axes: [0], keepDimensions: false }, [x], [3]);
  const largest = makeNode({ op: 'reduce', fn: 'max', axes: [0], keepDimensions: false }, [x], [3]);
  const two = splat(2, [3]);
  const binary = (
    fn: 'add' | 'sub' | 'mul' | 'div',
    left: IrNode,
    right: IrNode,
    shape: readonly number[] = [3],
  ): IrNode => makeNode({ op: 'binary', fn }, [left, right], shape);
  test.each<[string, IrNode, boolean]>([
    ['itself', sum, true],
    ['times a constant', binary('mul', two, sum), true],
    ['divided by a constant', binary('div', sum, two), true],
    ['another sum added', binary('add', sum, sum), true],
    ['its negative', makeNode({ op: 'unary', fn: 'neg' }, [sum], [3]), true],
    ['a constant added', binary('add', sum, two), false],
    ['a constant divided by it', binary('div', two, sum), false],
    ['its square', binary('mul', sum, sum), false],
    ['its root', makeNode({ op: 'unary', fn: 'sqrt' }, [sum], [3]), false],
    ['rows minus it', binary('sub', x, sum, [rows, 3]), false],
    ['the largest row, which is no sum', largest, false],
    ['rows turned round', makeNode({ op: 'transpose', permutation: [1, 0] }, [x], [3, rows]), false],
  ])('%s', (_, node, expected) => {
    const program: Program = { outputs: [{ name: 'y', node }] };
    expect(hasIndependentRows(program, rows)).toBe(expected);
  });
});
