import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';

type Variable = tf.layers.Layer['weights'][number];

/** What the tracer needs of a batch normalization layer. */
export interface BatchNormalizationLayer {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly gamma: Variable | null;
  readonly beta: Variable | null;
  readonly movingMean: Variable;
  readonly movingVariance: Variable;
}

/** The mean of `x` over `axes`, which are all but one, and over whatever examples the statistics are of. */
export type Mean = (x: tf.Tensor, axes: number[]) => tf.Tensor;

/** Over the rows at hand: those of a chunk, once the program is cut. */
export const chunkMean: Mean = (x, axes) => tensorflow().mean(x, axes);

/**
 * Batch normalization with statistics that `meanOf` takes, which also writes the moving averages.
 *
 * One differentiable step instead of TF.js's composition, which takes the gradients through mean and variance one by one:
 * with d = x - mean, r = 1 / sqrt(variance + epsilon), dx = gamma * r * (dy - mean(dy) - d * r^2 * mean(dy * d)).
 * Statistics are of whatever examples `meanOf` sees: only means appear, never a count of rows. The gradients of gamma and
 * beta are sums over the rows at hand, as every contribution is.
 */
export function normalizeInTraining(layer: BatchNormalizationLayer, x: tf.Tensor, meanOf: Mean): tf.Tensor {
  const tf = tensorflow();
  const axis = layer.axis < 0 ? layer.axis + x.rank : layer.axis;
  const axes = x.shape.map((_, i) => i).filter((i) => i !== axis);
  const channels = x.shape[axis] ?? 1;
  // Where channels are not last, vectors of channels are given the shape that broadcasts along the axis.
  const spread = (vector: tf.Tensor): tf.Tensor =>
    axis === x.rank - 1
      ? vector
      : tf.reshape(
          vector,
          x.shape.map((_, i) => (i === axis ? channels : 1)),
        );
  const gamma = layer.gamma?.read() ?? tf.ones([channels]);
  const beta = layer.beta?.read() ?? tf.zeros([channels]);
  let mean: tf.Tensor = beta;
  let variance: tf.Tensor = gamma;

  const normalize = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [image, scale, offset, save] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    mean = tf.keep(meanOf(image, axes));
    const centred = tf.sub(image, spread(mean));
    variance = tf.keep(meanOf(tf.square(centred), axes));
    const inverse = tf.rsqrt(tf.add(variance, layer.epsilon));
    const factor = tf.mul(scale, inverse);
    const value = tf.add(tf.mul(centred, spread(factor)), spread(offset));
    save([centred, inverse, factor]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [d, r, gain] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const product = tf.mul(dy, d);
      const slope = tf.mul(meanOf(product, axes), tf.square(r));
      const dx = tf.mul(tf.sub(dy, tf.mul(d, spread(slope))), spread(gain));
      const shift = tf.mul(meanOf(dy, axes), gain);
      return [tf.sub(dx, spread(shift)), tf.mul(tf.sum(product, axes), r), tf.sum(dy, axes)];
    };
    return { value, gradFunc };
  });
  const y = normalize(x, gamma, beta);
  average(layer.movingMean, mean, layer.momentum);
  average(layer.movingVariance, variance, layer.momentum);
  tf.dispose([mean, variance]);
  return y;
}

/** As Keras and TF.js do: average - (average - value) * (1 - momentum). */
function average(variable: Variable, value: tf.Tensor, momentum: number): void {
  const tf = tensorflow();
  tf.tidy(() => {
    const old = variable.read();
    variable.write(tf.sub(old, tf.mul(tf.sub(old, value), 1 - momentum)));
  });
}
