import { WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { architecture } from './architectures/registry.ts';
import { faithfulTopology } from './faithful-topology.ts';
import { leafLayers } from './leaf-layers.ts';
import { modelDifference } from './model-difference.ts';
import { layoutOf } from './model-layout.ts';
import { tensorflow } from './tensorflow.ts';
import { topologyOf } from './topology-text.ts';
import { loadTopology } from './topology.ts';

/** The text of a model of one layer of the class, and a dense layer behind it. */
function textWith(class_name: string, config: object, shape: number[]): string {
  const layers = [
    { class_name, config: { name: 'layer', batch_input_shape: [null, ...shape], ...config } },
    { class_name: 'Dense', config: { name: 'output', units: 2 } },
  ];
  return JSON.stringify({ class_name: 'Sequential', config: { name: 'model', layers } });
}

const image = [8, 6, 4];
const drawn = (scale: number) => ({
  class_name: 'VarianceScaling',
  config: { scale, mode: 'fan_in', distribution: 'uniform' },
});
const kernel = { kernel_size: [3, 2], strides: [1, 1], padding: 'same', activation: 'relu', use_bias: false };

/** Layers with every setting that TF.js reads at a value that is not the default. */
const layers: readonly (readonly [string, object, number[]])[] = [
  ['Dense', { units: 3, activation: 'tanh', use_bias: false, kernel_initializer: drawn(2) }, [4]],
  ['Conv1D', { filters: 3, kernel_size: [2], dilation_rate: [2], padding: 'causal', bias_initializer: 'ones' }, [8, 3]],
  ['Conv1D', { filters: 3, kernel_size: [2], strides: [2], data_format: 'channels_first' }, [3, 8]],
  ['Conv2D', { ...kernel, filters: 3, dilation_rate: [2, 2], kernel_initializer: drawn(2) }, image],
  ['Conv2D', { ...kernel, filters: 3, data_format: 'channels_first' }, image],
  ['Conv2DTranspose', { ...kernel, filters: 3, strides: [2, 1], data_format: 'channels_first' }, image],
  ['DepthwiseConv2D', { ...kernel, depth_multiplier: 2, depthwise_initializer: drawn(2) }, image],
  [
    'SeparableConv2D',
    { ...kernel, filters: 3, depth_multiplier: 3, depthwise_initializer: drawn(2), pointwise_initializer: drawn(2) },
    image,
  ],
  ['MaxPooling1D', { pool_size: [3], strides: [1], padding: 'same' }, [8, 3]],
  ['AveragePooling2D', { pool_size: [3, 1], strides: [1, 2], padding: 'same', data_format: 'channels_first' }, image],
  ['GlobalMaxPooling2D', { data_format: 'channels_first' }, image],
  [
    'BatchNormalization',
    {
      axis: 1,
      momentum: 0.5,
      epsilon: 0.1,
      center: false,
      gamma_initializer: 'zeros',
      moving_mean_initializer: 'ones',
    },
    image,
  ],
  ['LayerNormalization', { axis: [1, 2], epsilon: 0.1, scale: false, beta_initializer: 'ones' }, image],
  ['Dropout', { rate: 0.3, noise_shape: [null, 1, 6, 4] }, image],
  ['ReLU', { max_value: 6 }, [4]],
  ['LeakyReLU', { alpha: 0.1 }, [4]],
  ['PReLU', { shared_axes: [1, 2], alpha_initializer: 'ones' }, image],
  ['Softmax', { axis: 1 }, image],
  ['Flatten', { data_format: 'channels_first' }, image],
  ['Reshape', { target_shape: [6, 32] }, image],
  ['Permute', { dims: [2, 3, 1] }, image],
  ['RepeatVector', { n: 3 }, [4]],
  [
    'ZeroPadding2D',
    {
      padding: [
        [1, 2],
        [0, 3],
      ],
      data_format: 'channels_first',
    },
    image,
  ],
  [
    'Cropping2D',
    {
      cropping: [
        [1, 2],
        [0, 3],
      ],
      data_format: 'channels_last',
    },
    image,
  ],
];

test.each(layers)('a %s with %j comes back from its text as it was', async (kind, config, shape) => {
  const model = await loadTopology(textWith(kind, config, shape));
  const text = await faithfulTopology(model, 'the model');
  const again = await loadTopology(text);
  expect(modelDifference(model, again)).toBeUndefined();
  expect(layoutOf(again)).toEqual(layoutOf(model));
  expect(topologyOf(again)).toBe(text);
});

test('an architecture comes back from its text as it was', async () => {
  const model = architecture('initial-nn').build();
  expect(await faithfulTopology(model, 'initial-nn')).toBe(topologyOf(model));
});

test('a model whose text would give another one is refused, and nothing is left behind', async () => {
  const model = await loadTopology(textWith('LeakyReLU', { alpha: 0.1 }, [4]));
  const leaf = leafLayers(model).find(({ path }) => path === 'layer');
  // A setting that is held and not written, as TF.js does with the depth multiplier.
  Object.assign(leaf?.layer ?? {}, { slope: 0.2 });
  const before = tensorflow().memory().numTensors;
  const refused = await faithfulTopology(model, 'own.json').catch((thrown: unknown) => thrown);
  expect(refused).toBeInstanceOf(WeftError);
  expect(refused).toMatchObject({
    code: 'incompatible',
    message:
      'own.json cannot be handed to trainers as it is: TF.js writes another model, in which layer "layer" (LeakyReLU) has ' +
      'slope unset instead of 0.2',
  });
  expect(tensorflow().memory().numTensors).toBe(before);
});

test('layers that are joined in another order are a difference', async () => {
  const joined = async (order: readonly string[]) => {
    const dense = (name: string) => ({
      class_name: 'Dense',
      name,
      config: { name, units: 3 },
      inbound_nodes: [[['input', 0, 0, {}]]],
    });
    const input = {
      class_name: 'InputLayer',
      name: 'input',
      config: { name: 'input', batch_input_shape: [null, 3] },
      inbound_nodes: [],
    };
    const inbound_nodes = [order.map((name) => [name, 0, 0, {}])];
    const join = { class_name: 'Concatenate', name: 'join', config: { name: 'join' }, inbound_nodes };
    const ends = { input_layers: [['input', 0, 0]], output_layers: [['join', 0, 0]] };
    const config = { name: 'model', layers: [input, dense('a'), dense('b'), join], ...ends };
    return loadTopology(JSON.stringify({ class_name: 'Model', config }));
  };
  expect(modelDifference(await joined(['a', 'b']), await joined(['a', 'b']))).toBeUndefined();
  expect(modelDifference(await joined(['a', 'b']), await joined(['b', 'a']))).toMatch(/./);
});
