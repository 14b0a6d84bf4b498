/**
 * What layers do differently while they are traced: dropout takes its mask from an input of the program, batch
 * normalization is one differentiable step, layer normalization broadcasts (TF.js tiles), and a dilated convolution stays apart from its bias (TF.js's fused form has no
 * gradient). Every layer labels the nodes it makes with its path. All is undone by the function that is returned.
 */
import type * as tf from '@tensorflow/tfjs';
import { leafLayers, tensorflow } from '@weft/nn-models';
import { makeNode, type Shape } from '../ir/node.ts';
import { traceStore } from './backend.ts';
import { normalizeInTraining, type BatchNormalizationLayer, type Mean } from './batch-normalization.ts';
import { normalizeFeatures, type LayerNormalizationLayer } from './layer-normalization.ts';
import { unsupportedLayer } from './registry.ts';
import { supportedLayers } from './supported-layers.ts';

/** A mask that the program takes as an input of zeros and ones. */
export interface MaskInput {
  readonly name: string;
  /** Place of the layer among the dropout layers, in the order in which the model calls them. */
  readonly ordinal: number;
  readonly rate: number;
  /** With the number of rows first. */
  readonly shape: Shape;
}

type Call = (inputs: tf.Tensor | tf.Tensor[], options: { readonly training?: boolean }) => tf.Tensor | tf.Tensor[];

/** A layer with the members that TF.js declares as protected or leaves out of its types. */
type OpenLayer = Omit<tf.layers.Layer, 'call'> & { call: Call };

interface DropoutLayer extends OpenLayer {
  readonly rate: number;
  getNoiseShape(input: tf.Tensor): number[] | null | undefined;
}

interface ConvolutionLayer extends OpenLayer {
  readonly kernel: tf.layers.Layer['weights'][number];
  readonly bias: tf.layers.Layer['weights'][number] | null;
  readonly strides: [number, number];
  readonly padding: 'same' | 'valid';
  readonly dataFormat: 'channelsFirst' | 'channelsLast';
  readonly dilationRate: [number, number];
  readonly activation: { apply(x: tf.Tensor): tf.Tensor };
}

/**
 * Prepares the layers of `model`; masks are added to `masks` as dropout layers are called, and batch normalization takes
 * its statistics by `meanOf`. Returns the way back.
 */
export function prepareLayers(model: tf.LayersModel, masks: MaskInput[], meanOf: Mean): () => void {
  const restore: (() => void)[] = [];
  let dropouts = 0;
  for (const leaf of leafLayers(model)) {
    const layer = leaf.layer as unknown as OpenLayer;
    const className = layer.getClassName();
    if (!supportedLayers.has(className)) throw unsupportedLayer(`layer "${leaf.path}"`, `is a ${className}`);
    const own = Object.hasOwn(layer, 'call') ? layer.call : undefined;
    const original: Call = layer.call.bind(layer);
    let call = original;
    if (className === 'Dropout' || className === 'SpatialDropout1D') {
      call = (inputs, options) =>
        drop(layer as DropoutLayer, leaf.path, one(inputs), options.training === true, dropouts++, masks);
    } else if (className === 'BatchNormalization') {
      call = (inputs, options) =>
        options.training === true
          ? normalizeInTraining(layer as unknown as BatchNormalizationLayer, one(inputs), meanOf)
          : original(inputs, options);
    } else if (className === 'LayerNormalization') {
      call = (inputs) => normalizeFeatures(layer as unknown as LayerNormalizationLayer, one(inputs));
    } else if (className === 'Conv2D' && (layer as ConvolutionLayer).dilationRate.some((rate) => rate > 1)) {
      call = (inputs) => convolve(layer as ConvolutionLayer, one(inputs));
    }
    layer.call = (inputs, options) => {
      const outer = traceStore.layer;
      traceStore.layer = leaf.path;
      try {
        return call(inputs, options);
      } finally {
        traceStore.layer = outer;
      }
    };
    restore.push(() => {
      if (own === undefined) delete (layer as Partial<OpenLayer>).call;
      else layer.call = own;
    });
  }
  return () => {
    for (const undo of restore) undo();
  };
}

function one(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const [first] = Array.isArray(inputs) ? inputs : [inputs];
  if (first === undefined) throw new Error('a layer is called with at least one input');
  return first;
}

function drop(
  layer: DropoutLayer,
  path: string,
  x: tf.Tensor,
  training: boolean,
  ordinal: number,
  masks: MaskInput[],
): tf.Tensor {
  const { rate } = layer;
  if (!training || rate === 0) return x;
  if (rate === 1) throw unsupportedLayer(`layer "${path}"`, 'has a dropout rate of 1');
  const shape = layer.getNoiseShape(x) ?? x.shape;
  if (shape[0] !== x.shape[0]) throw unsupportedLayer(`layer "${path}"`, 'shares one dropout mask among examples');
  const name = `mask${String(ordinal)}`;
  masks.push({ name, ordinal, rate, shape });
  const tf = tensorflow();
  const kept = traceStore.tensor(makeNode({ op: 'input', name, role: 'rows' }, [], shape, 'uint8'));
  return tf.mul(x, tf.mul(tf.cast(kept, 'float32'), 1 / (1 - rate)));
}

function convolve(layer: ConvolutionLayer, x: tf.Tensor): tf.Tensor {
  const tf = tensorflow();
  const { strides, padding, dilationRate } = layer;
  const channelsFirst = layer.dataFormat === 'channelsFirst';
  const image = channelsFirst ? tf.transpose(x, [0, 2, 3, 1]) : x;
  const kernel = layer.kernel.read() as tf.Tensor4D;
  const product = tf.conv2d(image as tf.Tensor4D, kernel, strides, padding, 'NHWC', dilationRate);
  const biased = layer.bias === null ? product : tf.add(product, layer.bias.read());
  return layer.activation.apply(channelsFirst ? tf.transpose(biased, [0, 3, 1, 2]) : biased);
}
