/** Models whose last layer is used elsewhere too, against TF.js's own gradients of the whole model. */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import { beforeAll, expect, test } from 'vitest';
import type { LossName } from '../engine.ts';
import { tfjsCpuProvider } from '../tfjs/javascript-backend.ts';
import { exampleLosses } from './example-loss.ts';
import { takeOutputHead, type OutputHead } from './output-head.ts';

const { input, layers, model, sequential } = tensorflow();

beforeAll(async () => {
  await tfjsCpuProvider.open();
  await tensorflow().setBackend('cpu');
});

/** A model of four values in and `units` out. */
function through(build: (start: tf.SymbolicTensor) => tf.SymbolicTensor): tf.LayersModel {
  const start = input({ shape: [4] });
  return model({ inputs: start, outputs: build(start) });
}

const call = (layer: tf.layers.Layer, x: tf.SymbolicTensor): tf.SymbolicTensor => layer.apply(x) as tf.SymbolicTensor;

const nested = (units = 4): tf.LayersModel =>
  sequential({ layers: [layers.dense({ units, activation: 'sigmoid', inputShape: [4] })] });

const cases: readonly (readonly [string, LossName, OutputHead, () => tf.LayersModel])[] = [
  [
    'an activation in the middle and at the end',
    'binaryCrossentropy',
    'linear',
    () => {
      const activation = layers.activation({ activation: 'sigmoid' });
      return through((x) => {
        const hidden = call(activation, call(layers.dense({ units: 5 }), x));
        return call(activation, call(layers.dense({ units: 4 }), hidden));
      });
    },
  ],
  [
    'a dense layer applied twice',
    'meanSquaredError',
    'linear',
    () => {
      const dense = layers.dense({ units: 4, activation: 'sigmoid' });
      return through((x) => call(dense, call(dense, x)));
    },
  ],
  [
    'a softmax layer used twice',
    'categoricalCrossentropy',
    'linear',
    () => {
      const softmax = layers.softmax();
      return through((x) => {
        const hidden = call(softmax, call(layers.dense({ units: 5 }), x));
        return call(softmax, call(layers.dense({ units: 4 }), hidden));
      });
    },
  ],
  [
    'a nested model applied twice',
    'meanSquaredError',
    'linear',
    () => {
      const inner = nested();
      return through((x) => call(inner, call(inner, x)));
    },
  ],
  [
    'a nested model whose second output counts',
    'meanSquaredError',
    'linear',
    () => {
      const start = input({ shape: [4] });
      const first = call(layers.dense({ units: 4, activation: 'sigmoid' }), start);
      const second = call(layers.dense({ units: 4, activation: 'tanh' }), first);
      const inner = model({ inputs: start, outputs: [first, second] });
      return through((x) => (inner.apply(x) as tf.SymbolicTensor[])[1] ?? x);
    },
  ],
  ['a nested model applied once', 'binaryCrossentropy', 'sigmoid', () => through((x) => call(nested(), x))],
  [
    'a layer that is also part of another model',
    'binaryCrossentropy',
    'sigmoid',
    () => {
      const dense = layers.dense({ units: 4, activation: 'sigmoid' });
      through((x) => call(dense, x));
      return through((x) => call(dense, x));
    },
  ],
];

/** The gradients of all variables for the summed losses of examples. */
function gradientsOf(network: tf.LayersModel, lossesOf: (output: tf.Tensor) => tf.Tensor): number[] {
  const { sum, tensor2d, variableGrads } = tensorflow();
  const inputs = tensor2d([0.5, -1, 2, 0.25, -0.75, 1, 0.125, -2], [2, 4]);
  const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const loss = (): tf.Scalar => sum<tf.Scalar>(lossesOf(network.apply(inputs, { training: true }) as tf.Tensor));
  const { grads } = variableGrads(loss, variables);
  return variables.flatMap(({ name }) => [...(grads[name]?.dataSync() ?? [])]);
}

/** The losses of examples as TF.js computes them from the output of the whole model. */
function lossesByTensorflow(loss: LossName, targets: tf.Tensor, output: tf.Tensor): tf.Tensor {
  const { metrics, mean, oneHot, squaredDifference } = tensorflow();
  if (loss === 'meanSquaredError') return mean(squaredDifference(output, targets), 1);
  if (loss === 'binaryCrossentropy') return metrics.binaryCrossentropy(targets, output);
  return metrics.categoricalCrossentropy(oneHot(targets, 4), output);
}

test.each(cases)('%s: %s has the gradients of TF.js, with the head %s', (_, loss, head, build) => {
  const { tensor1d, tensor2d } = tensorflow();
  const network = build();
  const targets =
    loss === 'categoricalCrossentropy' ? tensor1d([1, 3], 'int32') : tensor2d([1, 0, 0, 1, 0, 1, 1, 1], [2, 4]);
  const expected = gradientsOf(network, (output) => lossesByTensorflow(loss, targets, output));
  expect(takeOutputHead(network)).toBe(head);
  const actual = gradientsOf(network, (output) => exampleLosses(loss, head, output, targets));
  expect(actual.length).toBe(expected.length);
  expect(expected.some((value) => Math.abs(value) > 1e-3)).toBe(true);
  actual.forEach((value, at) => {
    expect(value).toBeCloseTo(expected[at] ?? NaN, 5);
  });
});
