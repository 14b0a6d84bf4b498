import type * as tf from '@tensorflow/tfjs';
import { architecture, tensorflow, topologyOf } from '@weft/nn-models';
import { describe, expect, test } from 'vitest';
import type { TrainingProgram } from '../engine.ts';
import { nodesOf } from '../ir/traverse.ts';
import { traceStore } from './backend.ts';
import { withTraceBackend } from './registry.ts';
import { withZeroInitializers } from './topology.ts';
import { Tracer } from './tracer.ts';

const { layers, sequential } = tensorflow();

function programOf(model: tf.LayersModel): TrainingProgram {
  return { topology: topologyOf(model), loss: 'categoricalCrossentropy', input: 'uint8', seed: 1 };
}

/** A model of `middle` between six inputs and three classes. */
function around(...middle: tf.layers.Layer[]): TrainingProgram {
  const output = layers.dense({ name: 'output', units: 3, activation: 'softmax' });
  return programOf(sequential({ name: 'test', layers: [layers.inputLayer({ inputShape: [6] }), ...middle, output] }));
}

describe('Tracer', () => {
  test('gives a program with a contribution for each variable of the layout', async () => {
    const tracer = await Tracer.open(programOf(architecture('deep-cnn-bn').build()));
    const { program, masks } = tracer.training(4);
    const names = program.outputs.map((output) => output.name);
    expect(names.slice(0, 2)).toEqual(['loss', 'correct']);
    expect(names.slice(2)).toEqual(tracer.layout.entries.map((_, index) => `g${String(index)}`));
    program.outputs.slice(2).forEach(({ node }, index) => {
      expect(node.shape).toEqual(tracer.layout.entries[index]?.shape);
    });
    expect(masks.map(({ ordinal, rate }) => [ordinal, rate])).toEqual([
      [0, 0.25],
      [1, 0.25],
      [2, 0.5],
    ]);
    tracer.dispose();
  });

  test('gives the same program each time, whatever was traced in between', async () => {
    const shapeOf = (tracer: Tracer): unknown =>
      nodesOf(tracer.training(3).program).map(({ operation, shape, dtype }) => [operation, shape, dtype]);
    const tracer = await Tracer.open(programOf(architecture('deep-cnn-bn').build()));
    const first = shapeOf(tracer);
    tracer.inference(7);
    tracer.training(5);
    expect(shapeOf(tracer)).toEqual(first);
    tracer.dispose();
  });

  test('reads no logarithm of a softmax: the loss is taken from logits', async () => {
    const tracer = await Tracer.open(programOf(architecture('initial-nn').build()));
    const operations = nodesOf(tracer.training(4).program).map(({ operation }) => operation.op);
    expect(operations).toContain('logSoftmax');
    expect(operations).not.toContain('constant');
    tracer.dispose();
  });

  test('leaves the back end in use, its tensors, and the gradients of TF.js as they were', async () => {
    const tf = tensorflow();
    await tf.setBackend('cpu');
    const kept = tf.tensor([1, 2, 3]);
    const gradient = tf.getGradient('Conv2D');
    const program = programOf(architecture('dropout-cnn').build());
    const before = { tensors: tf.memory().numTensors, nodes: traceStore.size };
    for (let round = 0; round < 3; round++) {
      const tracer = await Tracer.open(program);
      tracer.training(3);
      tracer.inference(3);
      tracer.dispose();
      expect({ tensors: tf.memory().numTensors, nodes: traceStore.size }).toEqual(before);
    }
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.getGradient('Conv2D')).toBe(gradient);
    expect([...tf.add(kept, 1).dataSync()]).toEqual([2, 3, 4]);
    kept.dispose();
  });

  test('an error while tracing leaves the back end as it was', async () => {
    const tf = tensorflow();
    await tf.setBackend('cpu');
    const fail = (): never => {
      throw new Error('stop');
    };
    expect(() => {
      withTraceBackend(fail);
    }).toThrow('stop');
    expect(tf.getBackend()).toBe('cpu');
  });

  test.each<[string, TrainingProgram, RegExp]>([
    [
      'a layer that is not supported',
      around(layers.gaussianNoise({ name: 'noise', stddev: 1 })),
      /layer "noise" is a GaussianNoise.*tfjs-cpu/,
    ],
    [
      'dropout of everything',
      around(layers.dropout({ name: 'all', rate: 1 })),
      /layer "all" has a dropout rate of 1.*tfjs-cpu/,
    ],
    [
      'a mask that examples share',
      around(layers.dropout({ name: 'shared', rate: 0.5, noiseShape: [1, 6] })),
      /layer "shared" shares one dropout mask/,
    ],
    [
      'a loss that does not fit',
      programOf(sequential({ layers: [layers.dense({ units: 1, inputShape: [2] })] })),
      /at least 2 outputs/,
    ],
    ['text that is not JSON', { ...around(), topology: '{' }, /not JSON/],
  ])('refuses %s by name', async (_, program, message) => {
    await expect(Tracer.open(program)).rejects.toThrow(message);
  });

  test('a kernel that cannot be traced is named with the layer that needs it', () => {
    const run = (): void => {
      withTraceBackend(() => {
        traceStore.layer = 'block/odd';
        tensorflow().cumsum(tensorflow().tensor([1, 2]));
      });
    };
    expect(run).toThrow(/layer "block\/odd" needs the TF.js kernel Cumsum.*--engine tfjs-cpu/);
  });
});

test('withZeroInitializers replaces every initializer and nothing else', () => {
  const text = JSON.stringify({
    config: {
      kernel_initializer: { class_name: 'GlorotUniform' },
      units: 3,
      bias_initializer: null,
      layers: [{ betaInitializer: 'ones' }],
    },
  });
  const zeros = { class_name: 'Zeros', config: {} };
  expect(JSON.parse(withZeroInitializers(text))).toEqual({
    config: { kernel_initializer: zeros, units: 3, bias_initializer: null, layers: [{ betaInitializer: zeros }] },
  });
  expect(withZeroInitializers('{')).toBe('{');
});
