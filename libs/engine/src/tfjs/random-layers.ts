/**
 * Makes the dropout of an eager model exact: masks come from `fillDropoutMask`, not from TF.js's random numbers.
 */
import type * as tf from '@tensorflow/tfjs';
import { WeftError } from '@weft/core';
import { leafLayers, tensorflow } from '@weft/nn-models';
import { fillDropoutMask } from '../masks/dropout-mask.ts';

/** Where in the run a chunk is: with the layer, the key of its masks. */
export interface MaskPosition {
  readonly seed: number;
  readonly epoch: number;
  readonly step: number;
  readonly chunk: number;
}

/** The position that dropout layers read. Set it before each training pass. */
export interface MaskSource {
  startPass(position: MaskPosition): void;
}

const dropoutKinds = ['Dropout', 'SpatialDropout1D'];
const otherRandomKinds = ['GaussianNoise', 'GaussianDropout', 'AlphaDropout'];

interface DropoutLayer {
  readonly rate: number;
  getNoiseShape(input: tf.Tensor): number[] | null | undefined;
  call(inputs: tf.Tensor | tf.Tensor[], options: { readonly training?: boolean }): tf.Tensor;
}

/**
 * Replaces the call of every dropout layer of `model`, which the caller owns. A layer's ordinal is its place in the order of
 * calls of a pass. Throws a `WeftError` ('incompatible') that names a layer whose random numbers cannot be replaced.
 */
export function interceptRandomLayers(model: tf.LayersModel): MaskSource {
  let position: MaskPosition | undefined;
  let nextOrdinal = 0;
  for (const { layer, path } of leafLayers(model)) {
    const kind = layer.getClassName();
    const config = layer.getConfig();
    if (
      otherRandomKinds.includes(kind) ||
      Number(config['dropout'] ?? 0) > 0 ||
      Number(config['recurrentDropout'] ?? 0) > 0
    ) {
      throw new WeftError(
        'incompatible',
        `layer "${path}" (${kind}) draws random numbers that cannot be repeated; use Dropout layers instead`,
      );
    }
    if (!dropoutKinds.includes(kind)) continue;
    const dropout = layer as unknown as DropoutLayer;
    dropout.call = (inputs, { training }) => {
      const [input] = Array.isArray(inputs) ? inputs : [inputs];
      if (input === undefined) throw new Error(`layer "${path}" was called without an input`);
      if (training !== true || position === undefined) return input;
      const shape = dropout.getNoiseShape(input) ?? input.shape;
      return dropOut(input, shape, dropout.rate, { ...position, layer: nextOrdinal++ });
    };
  }
  return {
    startPass: (next) => {
      position = next;
      nextOrdinal = 0;
    },
  };
}

/** Elements kept are divided by the probability to keep, the others are zero; one mask element may cover several. */
function dropOut(
  input: tf.Tensor,
  shape: number[],
  rate: number,
  key: MaskPosition & { readonly layer: number },
): tf.Tensor {
  const { mul, tensor } = tensorflow();
  const mask = new Uint8Array(shape.reduce((product, size) => product * size, 1));
  fillDropoutMask(key, rate, mask);
  const scale = 1 / (1 - rate);
  return mul(
    input,
    tensor(
      Float32Array.from(mask, (keep) => keep * scale),
      shape,
      'float32',
    ),
  );
}
