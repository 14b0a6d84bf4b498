/**
 * Which settings of a layer TF.js 4.22 reads, by class and by Keras's names.
 *
 * TF.js says nothing of a setting that it does not know or does not implement: it builds another model. So each setting in a
 * text is either read, or has a value that changes nothing, or is a problem. Classes that are not listed are not checked.
 */
import type { Json } from './json.ts';

const everyLayer = words('name trainable dtype batch_input_shape input_shape batch_size');
const variable = (name: string): string => `${name}_initializer ${name}_regularizer ${name}_constraint`;
const convolution = `kernel_size strides padding data_format activation activity_regularizer use_bias ${variable('bias')}`;
const filters = `filters ${variable('kernel')}`;

const read: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    InputLayer: '',
    Dense: `units input_dim activation activity_regularizer use_bias ${variable('kernel')} ${variable('bias')}`,
    Conv1D: `${convolution} ${filters} dilation_rate`,
    Conv2D: `${convolution} ${filters} dilation_rate`,
    Conv2DTranspose: `${convolution} ${filters}`,
    DepthwiseConv2D: `${convolution} depth_multiplier ${variable('depthwise')}`,
    SeparableConv2D: `${convolution} filters dilation_rate depth_multiplier ${variable('depthwise')} ${variable('pointwise')}`,
    MaxPooling1D: 'pool_size strides padding',
    AveragePooling1D: 'pool_size strides padding',
    MaxPooling2D: 'pool_size strides padding data_format',
    AveragePooling2D: 'pool_size strides padding data_format',
    GlobalMaxPooling1D: '',
    GlobalAveragePooling1D: '',
    GlobalMaxPooling2D: 'data_format',
    GlobalAveragePooling2D: 'data_format',
    BatchNormalization:
      'axis momentum epsilon center scale moving_mean_initializer moving_variance_initializer ' +
      `${variable('beta')} ${variable('gamma')}`,
    LayerNormalization:
      'axis epsilon center scale beta_initializer beta_regularizer gamma_initializer gamma_regularizer',
    Dropout: 'rate noise_shape seed',
    SpatialDropout1D: 'rate seed',
    Activation: 'activation',
    ReLU: 'max_value',
    LeakyReLU: 'alpha',
    PReLU: `shared_axes ${variable('alpha')}`,
    ELU: 'alpha',
    Softmax: 'axis',
    Flatten: 'data_format',
    Reshape: 'target_shape',
    Permute: 'dims',
    RepeatVector: 'n',
    ZeroPadding2D: 'padding data_format',
    Cropping2D: 'cropping data_format',
    Add: '',
    Average: '',
    Maximum: '',
    Minimum: '',
    Multiply: '',
    Concatenate: 'axis',
  }).map(([kind, settings]) => [kind, new Set([...everyLayer, ...words(settings)])]),
);

type Values = Readonly<Record<string, readonly Json[]>>;

const oneGroup: Values = { groups: [1] };
const noDilation: Values = { dilation_rate: [1, [1], [1, 1]] };
const channelsLast: Values = { data_format: ['channels_last'] };
const noSizesKept: Values = { keepdims: [false] };

/** Values of settings that TF.js does not read with which Keras's model is the one that TF.js builds. */
const harmless: Readonly<Record<string, Values>> = {
  InputLayer: { sparse: [false], ragged: [false], optional: [false] },
  Conv1D: oneGroup,
  Conv2D: oneGroup,
  Conv2DTranspose: { ...oneGroup, ...noDilation },
  DepthwiseConv2D: { ...oneGroup, ...noDilation },
  SeparableConv2D: oneGroup,
  MaxPooling1D: channelsLast,
  AveragePooling1D: channelsLast,
  GlobalMaxPooling1D: { ...channelsLast, ...noSizesKept },
  GlobalAveragePooling1D: { ...channelsLast, ...noSizesKept },
  GlobalMaxPooling2D: noSizesKept,
  GlobalAveragePooling2D: noSizesKept,
  // `fused` only chooses among kernels.
  BatchNormalization: { fused: [true, false], renorm: [false], synchronized: [false] },
  LayerNormalization: { rms_scaling: [false] },
  ReLU: { negative_slope: [0], threshold: [0] },
};

/** A setting that TF.js would leave out without a word. */
export interface UnreadSetting {
  readonly setting: string;
  readonly value: Json;
  /** Values with which it may stay; empty where TF.js has no such setting at all. */
  readonly harmless: readonly Json[];
}

/** The settings in `config`, of a layer of class `kind`, that TF.js leaves out and that may change the model. */
export function unreadSettings(kind: string, config: Readonly<Record<string, Json>>): UnreadSetting[] {
  const known = read.get(kind);
  if (known === undefined) return [];
  return Object.entries(config).flatMap(([key, value]) => {
    const setting = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (value === null || known.has(setting)) return [];
    const allowed = harmless[kind]?.[setting] ?? [];
    return allowed.some((one) => JSON.stringify(one) === JSON.stringify(value))
      ? []
      : [{ setting, value, harmless: allowed }];
  });
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
