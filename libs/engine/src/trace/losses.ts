/**
 * Losses as the tracer records them: those of `../losses`, but where the head belongs to the loss, with the gradient with
 * respect to the logits in closed form. It is shorter than what TF.js derives, and has no sums within rows.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import type { LossName } from '../engine.ts';
import { exampleLosses } from '../losses/example-loss.ts';
import type { OutputHead } from '../losses/output-head.ts';
import { gatherClass, logSoftmax } from './loss-kernels.ts';

/** The loss of each example, [n]. `logits` [n, ...] is what precedes the head; targets are classes [n] or like the logits. */
export function tracedLosses(loss: LossName, head: OutputHead, logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  if (loss === 'categoricalCrossentropy' && head === 'softmax') return softmaxCrossEntropy(logits, targets);
  if (loss === 'binaryCrossentropy' && head === 'sigmoid') return sigmoidCrossEntropy(logits, targets);
  return exampleLosses(loss, head, logits, targets);
}

/** -log softmax(z)[class]; its gradient is softmax(z) - onehot(class). */
function softmaxCrossEntropy(logits: tf.Tensor, classes: tf.Tensor): tf.Tensor {
  const { neg, oneHot, softmax, sub } = tensorflow();
  return withSlope(
    logits,
    (z) => neg(gatherClass(logSoftmax(z), classes)),
    (z) => sub(softmax(z), oneHot(classes as tf.Tensor1D, z.shape[1] ?? 0, 1, 0, 'float32')),
  );
}

/** mean over k outputs of softplus(z) - z * y; its gradient is (sigmoid(z) - y) / k. */
function sigmoidCrossEntropy(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const { div, mean, mul, reshape, sigmoid, softplus, sub } = tensorflow();
  const [rows] = logits.shape as [number];
  const wanted = reshape(targets, [rows, -1]);
  return withSlope(
    reshape(logits, [rows, -1]),
    (z) => mean(sub(softplus(z), mul(z, wanted)), 1),
    (z) => div(sub(sigmoid(z), wanted), z.shape[1] ?? 1),
  );
}

/** A function of rows, [n, k] to [n], with the gradient of each row's value with respect to the row. */
function withSlope(
  rows: tf.Tensor,
  value: (rows: tf.Tensor) => tf.Tensor,
  slope: (rows: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const { customGrad, mul, reshape } = tensorflow();
  const apply = customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [z, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    save([slope(z)]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [kept] = saved as [tf.Tensor];
      return mul(reshape(dy, [dy.size, 1]), kept);
    };
    return { value: value(z), gradFunc };
  });
  return apply(rows);
}
