import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';

type Variable = tf.layers.Layer['weights'][number];

/** What the tracer needs of a layer normalization layer. */
export interface LayerNormalizationLayer {
  readonly axis: number | readonly number[];
  readonly epsilon: number;
  readonly gamma: Variable | null;
  readonly beta: Variable | null;
}

/**
 * Layer normalization by broadcasting. TF.js's layer tiles statistics and weights to the size of its input, because the
 * gradient of its fused normalization does not broadcast; the gradient of a tile is then one slice for every position.
 */
export function normalizeFeatures(layer: LayerNormalizationLayer, x: tf.Tensor): tf.Tensor {
  const tf = tensorflow();
  const axes = [layer.axis].flat().map((axis) => (axis < 0 ? axis + x.rank : axis));
  const spread = (vector: tf.Tensor): tf.Tensor =>
    tf.reshape(
      vector,
      x.shape.map((size, axis) => (axes.includes(axis) ? size : 1)),
    );
  const centred = tf.sub(x, tf.mean(x, axes, true));
  const variance = tf.mean(tf.square(centred), axes, true);
  let y = tf.mul(centred, tf.rsqrt(tf.add(variance, layer.epsilon)));
  if (layer.gamma !== null) y = tf.mul(y, spread(layer.gamma.read()));
  if (layer.beta !== null) y = tf.add(y, spread(layer.beta.read()));
  return y;
}
