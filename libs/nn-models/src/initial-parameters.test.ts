import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { architecture } from './architectures/registry.ts';
import { initialParameters } from './initial-parameters.ts';
import { layoutOf } from './model-layout.ts';
import { tensorflow } from './tensorflow.ts';
import { topologyOf } from './topology-text.ts';
import { loadTopology } from './topology.ts';

const tf = tensorflow();

test('initial parameters are a function of topology and seed', async () => {
  const model = architecture('simple-cnn').build();
  const loaded = await loadTopology(topologyOf(model));
  expect(initialParameters(loaded, 7)).toEqual(initialParameters(model, 7));
  expect(initialParameters(model, 8)).not.toEqual(initialParameters(model, 7));
});

test('initial parameters do not change from version to version', () => {
  const digest = createHash('sha256')
    .update(initialParameters(architecture('initial-nn').build(), 0))
    .digest('hex');
  expect(digest).toBe('0ccb6782aba40c48ec6f123e96751f7da955238d400052be826a4cd3ce4bc16f');
});

test('glorot-uniform kernels fill their limits, and biases are zero', () => {
  const model = architecture('initial-nn').build();
  const values = initialParameters(model, 1);
  const [kernel, bias] = layoutOf(model).entries;
  const drawn = values.subarray(0, kernel?.length);
  const limit = Math.sqrt(6 / (784 + 32));
  const largest = drawn.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expect(largest).toBeLessThanOrEqual(limit);
  expect(largest).toBeGreaterThan(0.999 * limit);
  expect(variance(drawn)).toBeCloseTo(limit ** 2 / 3, 4);
  expect(values.subarray(bias?.offset, (bias?.offset ?? 0) + 32).every((value) => value === 0)).toBe(true);
});

test('he-normal kernels have the variance that Keras gives them and no value beyond two deviations', () => {
  const model = tf.sequential({
    layers: [tf.layers.conv2d({ filters: 64, kernelSize: 3, kernelInitializer: 'heNormal', inputShape: [8, 8, 64] })],
  });
  const kernel = initialParameters(model, 3).subarray(0, 9 * 64 * 64);
  const deviation = Math.sqrt(2 / (9 * 64));
  expect(Math.sqrt(variance(kernel))).toBeCloseTo(deviation, 3);
  const cut = (2 * deviation) / 0.87962566103423978;
  expect(kernel.every((value) => Math.abs(value) <= cut * (1 + 1e-6))).toBe(true);
});

test('batch normalization starts as the identity', () => {
  const model = tf.sequential({ layers: [tf.layers.batchNormalization({ inputShape: [2] })] });
  expect([...initialParameters(model, 1)]).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
});

test.each([
  ['orthogonal', 5, 3],
  ['orthogonal', 3, 5],
] as const)('an %s kernel of %i x %i has orthonormal rows or columns', (kernelInitializer, inputs, units) => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units, kernelInitializer, useBias: false, inputShape: [inputs] })],
  });
  const kernel = tf.tensor2d(initialParameters(model, 5), [inputs, units]);
  const gram = inputs < units ? tf.matMul(kernel, kernel, false, true) : tf.matMul(kernel, kernel, true, false);
  const error = tf.max(tf.abs(tf.sub(gram, tf.eye(Math.min(inputs, units))))).dataSync()[0];
  expect(error).toBeLessThan(1e-6);
});

test.each([
  ['leCunUniform', (values: Float32Array) => values.every((value) => Math.abs(value) <= Math.sqrt(3 / 100))],
  ['randomNormal', (values: Float32Array) => Math.abs(Math.sqrt(variance(values)) - 0.05) < 0.005],
  ['truncatedNormal', (values: Float32Array) => values.every((value) => Math.abs(value) <= 0.1 + 1e-7)],
  ['randomUniform', (values: Float32Array) => values.every((value) => Math.abs(value) <= 0.05)],
  ['ones', (values: Float32Array) => values.every((value) => value === 1)],
] as const)('%s kernels lie where they should', (kernelInitializer, holds) => {
  const layer = tf.layers.dense({ units: 20, kernelInitializer, useBias: false, inputShape: [100] });
  expect(holds(initialParameters(tf.sequential({ layers: [layer] }), 9))).toBe(true);
});

function variance(values: Float32Array): number {
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    sum += value;
    squares += value * value;
  }
  return squares / values.length - (sum / values.length) ** 2;
}
