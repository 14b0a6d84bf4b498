import { WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { architecture } from './architectures/registry.ts';
import { tensorflow } from './tensorflow.ts';
import { topologyOf } from './topology-text.ts';
import { loadTopology } from './topology.ts';

const tf = tensorflow();
const initial = (): string => topologyOf(architecture('initial-nn').build());

/** The topology of a model made of one dense layer with the options given. */
function denseWith(options: Record<string, unknown>): string {
  const layer = { class_name: 'Dense', config: { name: 'd', units: 2, batch_input_shape: [null, 3], ...options } };
  return JSON.stringify({ class_name: 'Sequential', config: { name: 's', layers: [layer] } });
}

test.each([
  ['a model.json', (text: string) => `{"format":"layers-model","modelTopology":${text},"weightsManifest":[]}`],
  ['a Keras model', (text: string) => `{"modelTopology":{"keras_version":"2.1","model_config":${text}}}`],
  ['a model_config', (text: string) => `{"model_config":${text}}`],
])('the topology is found within %s', async (_, wrap) => {
  const model = await loadTopology(wrap(initial()));
  expect(topologyOf(model)).toBe(initial());
});

test.each([
  ['{', 'invalid-argument', /model\.json is not JSON/],
  ['null', 'invalid-argument', /model\.json is not a layers model/],
  ['{"modelTopology":{"node":[]}}', 'invalid-argument', /model\.json is a graph model, which cannot be trained/],
  [
    '{"class_name":"Dense","config":{}}',
    'invalid-argument',
    /has class_name "Dense"; a Sequential, Model or Functional/,
  ],
  ['{"class_name":"Sequential","config":{"layers":[{"class_name":"Mystery","config":{}}]}}', 'incompatible', /Mystery/],
  [denseWith({ trainable: false }), 'incompatible', /layer "d" is frozen/],
  [
    denseWith({ kernel_regularizer: { class_name: 'L1L2', config: { l1: 0, l2: 0.1 } } }),
    'incompatible',
    /layer "d" has a kernelRegularizer, which is not supported; weight decay is an optimizer option/,
  ],
  [denseWith({ batch_input_shape: [null, null, 3] }), 'incompatible', /input shape \[, , 3\] leaves a size open/],
])('%s is refused', async (text, code, message) => {
  const refused = await loadTopology(text, 'model.json').catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(WeftError);
  expect(refused).toMatchObject({ code, message: expect.stringMatching(message) as string });
});

test('a model with two outputs is refused, and its variables are freed', async () => {
  const input = tf.input({ shape: [3] });
  const outputs = ['a', 'b'].map(
    (name) => tf.layers.dense({ name, units: 2 }).apply(input) as ReturnType<typeof tf.input>,
  );
  const model = tf.model({ inputs: input, outputs });
  const before = tf.memory().numTensors;
  await expect(loadTopology(topologyOf(model))).rejects.toThrow(/it has 2 outputs; exactly one is supported/);
  expect(tf.memory().numTensors).toBe(before);
});
