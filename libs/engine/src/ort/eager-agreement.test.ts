/**
 * Layers that the float64 reference of the contract does not know, compared with eager TF.js on its JavaScript back end; and
 * a small residual network, which also has to learn.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow, topologyOf } from '@weft/nn-models';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examplesFor, parametersFor } from '../contract/contract-examples.ts';
import type { Engine } from '../engine.ts';
import { tfjsCpuProvider } from '../tfjs/javascript-backend.ts';
import { OrtEngine } from './ort-engine.ts';

const { layers, sequential, input, model } = tensorflow();
const classes = (): tf.layers.Layer => layers.dense({ name: 'output', units: 3, activation: 'softmax' });

/** The layers, between an input of the given shape and three classes. */
function stack(inputShape: number[], ...middle: tf.layers.Layer[]): tf.LayersModel {
  const network = sequential({ name: 'stack', layers: [layers.inputLayer({ inputShape }), ...middle] });
  if ((network.outputs[0]?.rank ?? 0) > 2) network.add(layers.flatten({ name: 'flatten' }));
  network.add(classes());
  return network;
}

/** Two dense branches of one input, brought together by `join`. */
function joined(join: tf.layers.Layer): tf.LayersModel {
  const start = input({ name: 'input', shape: [6] });
  const branch = (name: string): tf.SymbolicTensor =>
    layers.dense({ name, units: 5, activation: 'tanh' }).apply(start) as tf.SymbolicTensor;
  const middle = join.apply([branch('left'), branch('right')]);
  return model({ name: 'joined', inputs: start, outputs: classes().apply(middle) as tf.SymbolicTensor });
}

/** Three residual blocks, the second one with a stride and a projection, with batch normalization before each rectifier. */
function residualNetwork(): tf.LayersModel {
  const convolve = (name: string, filters: number, strides: number, kernelSize: number) =>
    layers.conv2d({ name, filters, strides, kernelSize, padding: 'same', useBias: false });
  const start = input({ name: 'input', shape: [9, 8, 2] });
  let x = convolve('stem', 8, 1, 3).apply(start) as tf.SymbolicTensor;
  [8, 16, 16].forEach((filters, block) => {
    const strides = block === 1 ? 2 : 1;
    let branch = convolve(`conv_${String(block)}a`, filters, strides, 3).apply(x) as tf.SymbolicTensor;
    branch = layers.batchNormalization({ name: `norm_${String(block)}` }).apply(branch) as tf.SymbolicTensor;
    branch = layers.reLU({ name: `relu_${String(block)}` }).apply(branch) as tf.SymbolicTensor;
    branch = convolve(`conv_${String(block)}b`, filters, 1, 3).apply(branch) as tf.SymbolicTensor;
    const short = strides === 1 ? x : (convolve(`short_${String(block)}`, filters, 2, 1).apply(x) as tf.SymbolicTensor);
    x = layers.add({ name: `add_${String(block)}` }).apply([branch, short]) as tf.SymbolicTensor;
  });
  const pooled = layers.globalAveragePooling2d({ name: 'pool' }).apply(x);
  return model({ name: 'residual', inputs: start, outputs: classes().apply(pooled) as tf.SymbolicTensor });
}

const image = [7, 6, 3];
const sequence = [8, 3];
const cases: readonly (readonly [string, () => tf.LayersModel])[] = [
  ['conv1d', () => stack(sequence, layers.conv1d({ name: 'conv', filters: 4, kernelSize: 3, activation: 'tanh' }))],
  [
    'conv1d with a stride',
    () => stack(sequence, layers.conv1d({ name: 'conv', filters: 4, kernelSize: 3, strides: 2 })),
  ],
  [
    'transposed conv2d',
    () => stack(image, layers.conv2dTranspose({ name: 'up', filters: 4, kernelSize: 3, strides: 2 })),
  ],
  [
    'transposed conv2d, same',
    () => stack(image, layers.conv2dTranspose({ name: 'up', filters: 4, kernelSize: 3, padding: 'same' })),
  ],
  ['separable conv2d', () => stack(image, layers.separableConv2d({ name: 'conv', filters: 4, kernelSize: 3 }))],
  ['max pooling 1d', () => stack(sequence, layers.maxPooling1d({ name: 'pool', poolSize: 2 }))],
  ['average pooling 1d', () => stack(sequence, layers.averagePooling1d({ name: 'pool', poolSize: 3, strides: 2 }))],
  ['global average pooling 1d', () => stack(sequence, layers.globalAveragePooling1d({ name: 'pool' }))],
  ['global max pooling 1d', () => stack(sequence, layers.globalMaxPooling1d({ name: 'pool' }))],
  ['dense over a sequence', () => stack(sequence, layers.dense({ name: 'dense', units: 4, activation: 'relu' }))],
  ['relu with a ceiling', () => stack([6], layers.dense({ units: 8 }), layers.reLU({ maxValue: 0.3 }))],
  ['prelu', () => stack([6], layers.dense({ units: 8 }), layers.prelu({ alphaInitializer: 'glorotNormal' }))],
  ['elu layer', () => stack([6], layers.dense({ units: 8 }), layers.elu({}))],
  ['softmax layer within', () => stack([6], layers.dense({ units: 8 }), layers.softmax({}))],
  ['hard sigmoid', () => stack([6], layers.dense({ units: 8, activation: 'hardSigmoid' }))],
  ['relu6', () => stack([6], layers.dense({ units: 8, activation: 'relu6' }))],
  ['softsign', () => stack([6], layers.dense({ units: 8, activation: 'softsign' }))],
  ['mish', () => stack([6], layers.dense({ units: 8, activation: 'mish' }))],
  ['permute', () => stack(sequence, layers.permute({ dims: [2, 1] }), layers.conv1d({ filters: 4, kernelSize: 2 }))],
  ['repeat vector', () => stack([6], layers.repeatVector({ n: 3 }), layers.conv1d({ filters: 4, kernelSize: 2 }))],
  [
    'cropping',
    () =>
      stack(
        image,
        layers.cropping2D({
          cropping: [
            [1, 2],
            [0, 1],
          ],
        }),
      ),
  ],
  ['layer normalization of images', () => stack(image, layers.layerNormalization({ axis: [1, 2, 3] }))],
  ['batch normalization alone', () => stack(image, layers.batchNormalization({}))],
  ['average', () => joined(layers.average({}))],
  ['maximum', () => joined(layers.maximum({}))],
  ['minimum', () => joined(layers.minimum({}))],
  ['multiply', () => joined(layers.multiply({}))],
  ['a residual network', residualNetwork],
];

describe('compiled and eager gradients agree', () => {
  let compiled: Engine;
  let eager: Engine;
  beforeAll(async () => {
    compiled = await OrtEngine.open();
    eager = await tfjsCpuProvider.open();
  });
  afterAll(async () => {
    await compiled.dispose();
    await eager.dispose();
  });

  test.each(cases)('%s', async (_name, build) => {
    const network = build();
    const [actual, expected] = [await gradientOf(compiled, network), await gradientOf(eager, network)];
    network.dispose();
    expect(Math.abs(actual.loss / expected.loss - 1)).toBeLessThan(1e-5);
    expect(relativeError(actual.contribution, expected.contribution)).toBeLessThan(2e-5);
  });

  // Eager TF.js fails on it.
  test('normalizing another axis is normalizing the last one of the transposed input', async () => {
    const first = stack(image, layers.batchNormalization({ axis: 1 }));
    const last = stack(
      image,
      layers.permute({ dims: [3, 2, 1] }),
      layers.batchNormalization({}),
      layers.permute({ dims: [3, 2, 1] }),
    );
    const [actual, expected] = [await gradientOf(compiled, first), await gradientOf(compiled, last)];
    first.dispose();
    last.dispose();
    expect(relativeError(actual.contribution, expected.contribution)).toBeLessThan(1e-5);
  });

  test('a residual network learns: its loss falls over steps of gradient descent', async () => {
    const network = residualNetwork();
    const ready = await compiled.compile({
      topology: topologyOf(network),
      loss: 'categoricalCrossentropy',
      input: 'uint8',
      seed: 5,
    });
    const parameters = parametersFor(network);
    const examples = examplesFor(network, 'categoricalCrossentropy', 16);
    const request = { examples, chunkSizes: [16], firstChunk: 0, epoch: 0, step: 0 };
    const into = new Float32Array(ready.layout.size);
    const losses: number[] = [];
    for (let step = 0; step < 20; step++) {
      losses.push((await ready.gradient(request, parameters, into)).loss / 16);
      for (let i = 0; i < ready.layout.trainableSize; i++) {
        parameters[i] = (parameters[i] ?? 0) - (0.1 * (into[i] ?? 0)) / 16;
      }
    }
    await ready.dispose();
    network.dispose();
    expect(losses.at(-1)).toBeLessThan((losses[0] ?? 0) / 2);
  });
});

/** The answer of `engine` to one request over three chunks, the last a lone example. */
async function gradientOf(
  engine: Engine,
  network: tf.LayersModel,
): Promise<{ readonly loss: number; readonly contribution: Float32Array }> {
  const ready = await engine.compile({
    topology: topologyOf(network),
    loss: 'categoricalCrossentropy',
    input: 'uint8',
    seed: 5,
  });
  const contribution = new Float32Array(ready.layout.size);
  const examples = examplesFor(network, 'categoricalCrossentropy', 9);
  const request = { examples, chunkSizes: [4, 4, 1], firstChunk: 0, epoch: 0, step: 0 };
  const { loss } = await ready.gradient(request, parametersFor(network), contribution);
  await ready.dispose();
  return { loss, contribution };
}

function relativeError(actual: Float32Array, expected: Float32Array): number {
  let error = 0;
  let norm = 0;
  expected.forEach((value, index) => {
    error += (value - (actual[index] ?? NaN)) ** 2;
    norm += value ** 2;
  });
  return Math.sqrt(error / norm);
}
