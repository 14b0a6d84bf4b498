import { expect, test } from 'vitest';
import { leafLayers } from './leaf-layers.ts';
import { tensorflow } from './tensorflow.ts';
import { topologyOf } from './topology-text.ts';
import { loadTopology } from './topology.ts';

const image = [8, 8, 2];
const kernel = { kernel_size: [3, 3] };

/** A layer of the class between an input and a dense layer, in a nested model where `nested` is given. */
function textWith(class_name: string, config: object, nested?: string): string {
  const layer = { class_name, config: { name: 'layer', batch_input_shape: [null, ...image], ...config } };
  const inner = { class_name: 'Sequential', config: { name: nested, layers: [layer] } };
  const output = { class_name: 'Dense', config: { name: 'output', units: 2 } };
  const layers = [nested === undefined ? layer : inner, output];
  return JSON.stringify({ class_name: 'Sequential', config: { name: 'model', layers } });
}

const problemsOf = async (text: string): Promise<string> => {
  const thrown: unknown = await loadTopology(text, 'own.json').then(
    () => new Error('nothing is wrong'),
    (error: unknown) => error,
  );
  return (thrown as Error).message;
};

const nonNegative = { class_name: 'NonNeg', config: {} };

test.each([
  ['ReLU', { negative_slope: 0.2 }, 'sets negative_slope to 0.2, which TF.js leaves out; it may only be 0'],
  ['ReLU', { threshold: 1 }, 'sets threshold to 1, which TF.js leaves out; it may only be 0'],
  ['LeakyReLU', { negative_slope: 0.2, alpha: 0.1 }, 'sets negative_slope to 0.2, which TF.js leaves out'],
  ['Conv2D', { ...kernel, filters: 4, groups: 2 }, 'sets groups to 2, which TF.js leaves out; it may only be 1'],
  [
    'DepthwiseConv2D',
    { ...kernel, dilation_rate: [2, 2] },
    'sets dilation_rate to [2,2], which TF.js leaves out; it may only be 1',
  ],
  [
    'DepthwiseConv2D',
    { ...kernel, depthwise_constraint: nonNegative },
    'has a depthwiseConstraint, which is not supported; weight decay is an optimizer option',
  ],
  [
    'Conv2DTranspose',
    { ...kernel, filters: 2, dilation_rate: [2, 2] },
    'sets dilation_rate to [2,2], which TF.js leaves out; it may only be 1',
  ],
  [
    'Conv2DTranspose',
    { ...kernel, filters: 2, output_padding: [1, 1] },
    'sets output_padding to [1,1], which TF.js leaves out',
  ],
  [
    'SeparableConv2D',
    {
      ...kernel,
      filters: 2,
      depthwise_initializer: 'zeros',
      pointwise_initializer: { class_name: 'Ones', config: {} },
    },
    'has a pointwise_initializer other than its depthwise_initializer, which TF.js uses for both',
  ],
  [
    'LayerNormalization',
    { rms_scaling: true },
    'sets rms_scaling to true, which TF.js leaves out; it may only be false',
  ],
  [
    'LayerNormalization',
    { gamma_constraint: nonNegative },
    /sets gamma_constraint to .*NonNeg.*, which TF.js leaves out/,
  ],
  ['BatchNormalization', { renorm: true }, 'sets renorm to true, which TF.js leaves out; it may only be false'],
  ['BatchNormalization', { axis: [1, 3] }, 'normalizes over the axes [1,3]; exactly one is supported'],
  ['Dense', { units: 2, lora_rank: 4 }, 'sets lora_rank to 4, which TF.js leaves out'],
  [
    'Dense',
    { units: 2, dtype: { class_name: 'DTypePolicy', config: { name: 'mixed_float16' } } },
    'computes in mixed_float16; only float32 is supported',
  ],
  [
    'Dense',
    { units: 2, kernel_initializer: { class_name: 'RandomUniform', config: { minval: 0, maxval: 0.1 } } },
    'has a kernel_initializer with minval 0, which TF.js replaces by its default',
  ],
])('%s with %j is refused by its path', async (kind, config, problem) => {
  const [plain, nested] = [await problemsOf(textWith(kind, config)), await problemsOf(textWith(kind, config, 'block'))];
  expect(plain).toMatch(/^own\.json: layer "layer" /);
  expect(plain).toMatch(problem);
  expect(nested).toMatch(/^own\.json: layer "block\/layer" /);
  expect(nested).toMatch(problem);
});

test.each([
  ['ReLU', { max_value: null, negative_slope: 0.0, threshold: 0.0 }],
  ['Conv2D', { ...kernel, filters: 4, groups: 1 }],
  ['Conv2DTranspose', { ...kernel, filters: 2, dilation_rate: [1, 1], output_padding: null }],
  ['DepthwiseConv2D', { ...kernel, dilation_rate: [1, 1], depthwise_constraint: null }],
  ['SeparableConv2D', { ...kernel, filters: 2, kernel_initializer: { class_name: 'GlorotUniform', config: {} } }],
  ['LayerNormalization', { axis: [3], rms_scaling: false, gamma_constraint: null }],
  ['BatchNormalization', { synchronized: false, fused: true }],
  ['Dense', { units: 2, quantization_config: null, dtype: { class_name: 'Policy', config: { name: 'float32' } } }],
])('%s with %j is read: it is what TF.js builds', async (kind, config) => {
  const model = await loadTopology(textWith(kind, config));
  expect(model.layers.map(({ name }) => name)).toEqual(['layer', 'output']);
});

test('all problems are listed together, also where TF.js cannot build the model', async () => {
  const layers = [
    {
      class_name: 'Conv2D',
      config: { name: 'a', filters: 2, ...kernel, groups: 2, batch_input_shape: [null, ...image] },
    },
    { class_name: 'ReLU', config: { name: 'b', threshold: 1 } },
    { class_name: 'ELU', config: { name: 'c', alpha: 0.5 } },
  ];
  expect(await problemsOf(JSON.stringify({ class_name: 'Sequential', config: { layers } }))).toMatch(
    /layer "a" sets groups.*; layer "b" sets threshold.*; TF\.js cannot build the model: Non-default alpha/,
  );
});

test.each([
  ['LeakyReLU', { negative_slope: 0.01 }, 'alpha', 0.01],
  ['BatchNormalization', { axis: [3] }, 'axis', 3],
])('%s with %j has the %s %d', async (kind, config, setting, value) => {
  const model = await loadTopology(textWith(kind, config));
  expect(model.layers[0]?.getConfig()[setting]).toBe(value);
  expect(topologyOf(await loadTopology(topologyOf(model)))).toBe(topologyOf(model));
});

test.each([
  ['Keras 2', [[['input', 0, 0, { training: false }]]]],
  [
    'Keras 3',
    [
      {
        args: [{ class_name: '__keras_tensor__', config: { keras_history: ['input', 0, 0] } }],
        kwargs: { training: false, mask: null },
      },
    ],
  ],
])('a call with options as %s writes them is refused', async (_, inbound_nodes) => {
  const layers = [
    {
      class_name: 'InputLayer',
      name: 'input',
      config: { name: 'input', batch_input_shape: [null, 3] },
      inbound_nodes: [],
    },
    { class_name: 'Dense', name: 'output', config: { name: 'output', units: 2 }, inbound_nodes },
  ];
  const ends = { input_layers: [['input', 0, 0]], output_layers: [['output', 0, 0]] };
  expect(await problemsOf(JSON.stringify({ class_name: 'Model', config: { name: 'm', layers, ...ends } }))).toBe(
    'own.json: layer "output" is called with training: false, which TF.js leaves out',
  );
});

test('a constraint on a depthwise layer that was built in code is in its text', async () => {
  const { constraints, layers, sequential } = tensorflow();
  const layer = layers.depthwiseConv2d({
    name: 'layer',
    kernelSize: 3,
    inputShape: [8, 8, 2],
    depthwiseConstraint: constraints.nonNeg(),
  });
  const model = sequential({ name: 'model', layers: [layer] });
  expect(await problemsOf(topologyOf(model))).toMatch(/layer "layer" has a depthwiseConstraint/);
  expect(Object.hasOwn(leafLayers(model)[0]?.layer ?? {}, 'getConfig')).toBe(false);
});
