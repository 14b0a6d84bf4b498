import { expect, test } from 'vitest';
import { fromKeras3 } from './keras3-topology.ts';
import { layoutOf } from './model-layout.ts';
import { topologyOf } from './topology-text.ts';
import { loadTopology } from './topology.ts';

const dtype = { module: 'keras', class_name: 'DTypePolicy', config: { name: 'float32' }, registered_name: null };

const input = (name: string, shape: number[]) => ({
  module: 'keras.layers',
  class_name: 'InputLayer',
  config: { batch_shape: [null, ...shape], dtype: 'float32', sparse: false, ragged: false, name },
  registered_name: null,
  name,
  inbound_nodes: [],
});

const dense = (name: string, units: number, activation: string, inbound_nodes: object[] = []) => ({
  module: 'keras.layers',
  class_name: 'Dense',
  config: {
    name,
    trainable: true,
    dtype,
    units,
    activation,
    use_bias: true,
    kernel_initializer: { module: 'keras.initializers', class_name: 'GlorotUniform', config: { seed: null } },
    bias_initializer: { module: 'keras.initializers', class_name: 'Zeros', config: {} },
    kernel_regularizer: null,
    bias_regularizer: null,
    kernel_constraint: null,
    bias_constraint: null,
  },
  registered_name: null,
  build_config: { input_shape: [null, 4] },
  name,
  inbound_nodes,
});

const tensor = (name: string) => ({
  class_name: '__keras_tensor__',
  config: { shape: [null, 4], dtype: 'float32', keras_history: [name, 0, 0] },
});

test('a sequential model of Keras 3 is read', async () => {
  const layers = [input('input', [4]), dense('hidden', 3, 'relu'), dense('output', 2, 'softmax')];
  const config = { name: 'sequential', trainable: true, dtype, layers, build_input_shape: [null, 4] };
  const model = await loadTopology(JSON.stringify({ module: 'keras', class_name: 'Sequential', config }));
  expect(layoutOf(model).entries.map(({ name }) => name)).toEqual([
    'hidden/kernel',
    'hidden/bias',
    'output/kernel',
    'output/bias',
  ]);
  expect(model.inputs[0]?.shape).toEqual([null, 4]);
});

test('a functional model of Keras 3 with a branch is read', async () => {
  const join = {
    module: 'keras.layers',
    class_name: 'Add',
    config: { name: 'join', trainable: true, dtype },
    name: 'join',
    inbound_nodes: [{ args: [[tensor('input'), tensor('hidden')]], kwargs: {} }],
  };
  const layers = [
    input('input', [4]),
    dense('hidden', 4, 'relu', [{ args: [tensor('input')], kwargs: {} }]),
    join,
    dense('output', 2, 'softmax', [{ args: [tensor('join')], kwargs: {} }]),
  ];
  const config = {
    name: 'functional',
    trainable: true,
    layers,
    input_layers: [['input', 0, 0]],
    output_layers: ['output', 0, 0],
  };
  const model = await loadTopology(JSON.stringify({ module: 'keras', class_name: 'Functional', config }));
  expect(model.layers.map(({ name }) => name)).toEqual(['input', 'hidden', 'join', 'output']);
  const text = topologyOf(model);
  expect(topologyOf(await loadTopology(text))).toBe(text);
});

test('a topology in the form of TF.js stays as it is', () => {
  const topology = {
    class_name: 'Model',
    config: {
      layers: [{ class_name: 'Dense', config: { dtype: 'float32' }, inbound_nodes: [[['input', 0, 0, {}]]] }],
      input_layers: [['input', 0, 0]],
    },
  };
  expect(fromKeras3(topology)).toEqual(topology);
});
