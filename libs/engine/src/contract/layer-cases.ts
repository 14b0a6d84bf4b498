/**
 * Small models that together hold every supported layer and option, each with the loss it is trained with.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import type { LossName } from '../engine.ts';

/** A model made for one question. */
export interface LayerCase {
  readonly name: string;
  readonly loss: LossName;
  /** Examples that its chunk has. */
  readonly count: number;
  readonly build: () => tf.LayersModel;
}

type Stack = () => tf.layers.Layer[];

const kernelInitializer = 'heNormal';
const dense = (units: number, options: object = {}): tf.layers.Layer =>
  tensorflow().layers.dense({ name: `dense_${String(units)}`, units, kernelInitializer, ...options });
const classes = (): tf.layers.Layer => dense(3, { name: 'output', activation: 'softmax' });

/** Rows of 12 values, the layers, then three classes. */
function overRows(name: string, stack: Stack, options: Partial<Omit<LayerCase, 'name'>> = {}): LayerCase {
  return {
    name,
    loss: 'categoricalCrossentropy',
    count: 5,
    build: () => {
      const { layers, sequential } = tensorflow();
      return sequential({ name: 'rows', layers: [layers.inputLayer({ inputShape: [12] }), ...stack(), classes()] });
    },
    ...options,
  };
}

/** Images of 7 x 6 x 3 values, the layers, then three classes. The layers end in rows where `givesRows` says so. */
function overImages(name: string, stack: Stack, givesRows = false): LayerCase {
  return {
    name,
    loss: 'categoricalCrossentropy',
    count: 4,
    build: () => {
      const { layers, sequential } = tensorflow();
      return sequential({
        name: 'images',
        layers: [
          layers.inputLayer({ inputShape: [7, 6, 3] }),
          ...stack(),
          ...(givesRows ? [] : [layers.flatten({ name: 'flatten_for_output' })]),
          classes(),
        ],
      });
    },
  };
}

/** A model that ends in `output` itself, for losses other than that of a softmax. */
function endingIn(name: string, loss: LossName, output: () => tf.layers.Layer): LayerCase {
  const build = (): tf.LayersModel => {
    const { layers, sequential } = tensorflow();
    return sequential({ name: 'ending', layers: [layers.inputLayer({ inputShape: [12] }), output()] });
  };
  return { name, loss, count: 5, build };
}

/** A functional model with a branch, which `join` brings together. */
function branched(name: string, join: () => tf.layers.Layer): LayerCase {
  const build = (): tf.LayersModel => {
    const { input, layers, model } = tensorflow();
    const start = input({ name: 'input', shape: [7, 6, 3] });
    const conv = (label: string): tf.layers.Layer =>
      layers.conv2d({ name: label, filters: 4, kernelSize: 3, padding: 'same', kernelInitializer, activation: 'tanh' });
    const left = conv('left').apply(start) as tf.SymbolicTensor;
    const right = conv('right').apply(left) as tf.SymbolicTensor;
    const joined = join().apply([left, right]);
    const pooled = layers.globalAveragePooling2d({ name: 'pool' }).apply(joined);
    return model({ name: 'branched', inputs: start, outputs: classes().apply(pooled) as tf.SymbolicTensor });
  };
  return { name, loss: 'categoricalCrossentropy', count: 4, build };
}

/** Two residual blocks, the second of which halves the image. */
function residualNetwork(): LayerCase {
  const build = (): tf.LayersModel => {
    const { input, layers, model } = tensorflow();
    const start = input({ name: 'input', shape: [8, 8, 2] });
    const through = (from: tf.SymbolicTensor, ...stack: tf.layers.Layer[]): tf.SymbolicTensor =>
      stack.reduce((tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor, from);
    const convolution = (name: string, filters: number, strides: number, kernelSize = 3): tf.layers.Layer =>
      layers.conv2d({ name, filters, strides, kernelSize, padding: 'same', useBias: false, kernelInitializer });
    const norm = (name: string): tf.layers.Layer => layers.batchNormalization({ name });
    const relu = (name: string): tf.layers.Layer => layers.activation({ name, activation: 'relu' });
    const block = (from: tf.SymbolicTensor, name: string, filters: number, strides: number): tf.SymbolicTensor => {
      const deep = through(
        from,
        convolution(`${name}_conv_1`, filters, strides),
        norm(`${name}_norm_1`),
        relu(`${name}_relu_1`),
        convolution(`${name}_conv_2`, filters, 1),
        norm(`${name}_norm_2`),
      );
      const shortcut = through(from, convolution(`${name}_shortcut`, filters, strides, 1));
      return through(
        layers.add({ name: `${name}_add` }).apply([deep, shortcut]) as tf.SymbolicTensor,
        relu(`${name}_relu_2`),
      );
    };
    const features = block(block(start, 'first', 4, 1), 'second', 6, 2);
    const outputs = through(features, layers.globalAveragePooling2d({ name: 'pool' }), classes());
    return model({ name: 'residual', inputs: start, outputs });
  };
  return { name: 'a residual network', loss: 'categoricalCrossentropy', count: 8, build };
}

const conv = (options: object): tf.layers.Layer =>
  tensorflow().layers.conv2d({
    name: 'conv',
    filters: 4,
    kernelSize: 3,
    kernelInitializer,
    activation: 'tanh',
    ...options,
  });

const activations = [
  'relu',
  'relu6',
  'elu',
  'selu',
  'sigmoid',
  'hardSigmoid',
  'tanh',
  'softplus',
  'softsign',
  'swish',
  'gelu',
  'mish',
] as const;

const convolutions: readonly (readonly [string, object])[] = [
  ['valid', {}],
  ['same', { padding: 'same' }],
  ['1 x 1', { kernelSize: 1 }],
  ['5 x 2, same', { kernelSize: [5, 2], padding: 'same' }],
  ['stride 2, valid', { strides: 2 }],
  ['stride 2, same', { strides: 2, padding: 'same' }],
  ['stride 2 x 1, same', { strides: [2, 1], padding: 'same' }],
  ['dilation 2, valid', { dilationRate: 2 }],
  ['dilation 2, same', { dilationRate: 2, padding: 'same' }],
  ['no bias', { useBias: false }],
];

/** Every supported layer and option. */
export function layerCases(): readonly LayerCase[] {
  const { layers } = tensorflow();
  return [
    ...activations.map((activation) => overRows(`dense ${activation}`, () => [dense(8, { activation })])),
    overRows('activation layer', () => [dense(8), layers.activation({ name: 'act', activation: 'tanh' })]),
    overRows('leaky relu', () => [dense(8), layers.leakyReLU({ name: 'leaky', alpha: 0.2 })]),
    overRows('relu layer', () => [dense(8), layers.reLU({ name: 'relu' })]),
    overRows('elu layer', () => [dense(8), layers.elu({ name: 'elu' })]),
    overRows('parametric relu', () => [dense(8), layers.prelu({ name: 'prelu' })]),
    overRows('softmax layer', () => [dense(8), layers.softmax({ name: 'softmax' })]),
    overRows('dropout', () => [dense(16, { activation: 'tanh' }), layers.dropout({ name: 'drop', rate: 0.3 })]),
    overRows('dropout twice', () => [
      layers.dropout({ name: 'drop_1', rate: 0.25 }),
      dense(16, { activation: 'tanh' }),
      layers.dropout({ name: 'drop_2', rate: 0.5 }),
    ]),
    overRows(
      'batch normalization of rows',
      () => [dense(8, { activation: 'tanh' }), layers.batchNormalization({ name: 'norm' })],
      {
        count: 9,
      },
    ),
    overRows('layer normalization', () => [dense(8), layers.layerNormalization({ name: 'norm' })]),
    overRows('reshape', () => [
      layers.reshape({ name: 'reshape', targetShape: [2, 3, 2] }),
      conv({ kernelSize: 2 }),
      layers.flatten({ name: 'flatten' }),
    ]),
    ...convolutions.map(([name, options]) => overImages(`conv2d ${name}`, () => [conv(options)])),
    ...[
      { depthMultiplier: 1 },
      { depthMultiplier: 2, padding: 'same' },
      { depthMultiplier: 1, strides: 2, padding: 'same' },
    ].map((options) =>
      overImages(`depthwise conv2d ${JSON.stringify(options)}`, () => [
        layers.depthwiseConv2d({
          name: 'depthwise',
          kernelSize: 3,
          depthwiseInitializer: kernelInitializer,
          activation: 'tanh',
          ...options,
        } as Parameters<typeof layers.depthwiseConv2d>[0]),
      ]),
    ),
    overImages('separable conv2d', () => [
      layers.separableConv2d({
        name: 'separable',
        filters: 5,
        kernelSize: 3,
        padding: 'same',
        depthwiseInitializer: kernelInitializer,
        pointwiseInitializer: kernelInitializer,
        activation: 'tanh',
      }),
    ]),
    ...poolings().map(([name, layer]) =>
      overImages(name, () => [conv({ padding: 'same' }), layer()], name.startsWith('global')),
    ),
    overImages('batch normalization of images', () => [
      conv({ padding: 'same', activation: 'relu' }),
      layers.batchNormalization({ name: 'norm', momentum: 0.9 }),
    ]),
    overImages('spatial dropout', () => [
      conv({ padding: 'same' }),
      layers.dropout({ name: 'drop', rate: 0.4, noiseShape: [null, 1, 1, null] as unknown as number[] }),
    ]),
    overImages('zero padding', () => [
      layers.zeroPadding2d({
        name: 'pad',
        padding: [
          [1, 2],
          [0, 1],
        ],
      }),
      conv({}),
    ]),
    overImages('zero padding, as wide as the window, before a maximum of negative values', () => [
      conv({ padding: 'same', activation: 'linear' }),
      layers.zeroPadding2d({ name: 'pad', padding: 2 }),
      layers.maxPooling2d({ name: 'pool', poolSize: 2 }),
    ]),
    overImages(
      'global max pooling of values that occur more than once',
      () => [conv({ kernelSize: 1, activation: 'linear' }), layers.globalMaxPooling2d({ name: 'pool' })],
      true,
    ),
    residualNetwork(),
    branched('add', () => layers.add({ name: 'join' })),
    branched('concatenate', () => layers.concatenate({ name: 'join' })),
    endingIn('mean squared error', 'meanSquaredError', () => dense(4)),
    endingIn('mean squared error of sigmoids', 'meanSquaredError', () => dense(4, { activation: 'sigmoid' })),
    endingIn('binary cross-entropy of one sigmoid', 'binaryCrossentropy', () => dense(1, { activation: 'sigmoid' })),
    endingIn('binary cross-entropy of sigmoids', 'binaryCrossentropy', () => dense(4, { activation: 'sigmoid' })),
    endingIn('binary cross-entropy of a softmax', 'binaryCrossentropy', () => dense(4, { activation: 'softmax' })),
    endingIn('categorical cross-entropy of sigmoids', 'categoricalCrossentropy', () =>
      dense(4, { activation: 'sigmoid' }),
    ),
  ];
}

function poolings(): readonly (readonly [string, () => tf.layers.Layer])[] {
  const { layers } = tensorflow();
  const name = 'pool';
  return [
    ['max pooling 2', () => layers.maxPooling2d({ name, poolSize: 2 })],
    ['max pooling 2, same', () => layers.maxPooling2d({ name, poolSize: 2, padding: 'same' })],
    ['max pooling 3, stride 2, same', () => layers.maxPooling2d({ name, poolSize: 3, strides: 2, padding: 'same' })],
    ['max pooling 3 x 2, stride 1', () => layers.maxPooling2d({ name, poolSize: [3, 2], strides: 1 })],
    ['average pooling 2', () => layers.averagePooling2d({ name, poolSize: 2 })],
    [
      'average pooling 3, stride 2, same',
      () => layers.averagePooling2d({ name, poolSize: 3, strides: 2, padding: 'same' }),
    ],
    ['global average pooling', () => layers.globalAveragePooling2d({ name })],
    ['global max pooling', () => layers.globalMaxPooling2d({ name })],
  ];
}
