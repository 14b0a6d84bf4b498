/**
 * Losses and hits of single examples, as TF.js operations: an eager engine runs them, a tracing one records them.
 *
 * `logits` is the model's output without its head (`takeOutputHead`), [count, ...]. Formulas and clipping are Keras's; where
 * the head is the one that belongs to the loss, the equal form that stays finite and keeps its gradient is used instead.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import type { LossName } from '../engine.ts';
import { applyHead, type OutputHead } from './output-head.ts';

/** Keras's distance of clipped probabilities from 0 and 1. */
const probabilityMargin = 1e-7;

/**
 * The loss of each example, [count]: over all outputs of an example the mean, or for `categoricalCrossentropy` the sum.
 * `targets` is int32 [count] (class numbers) for `categoricalCrossentropy`, else float32 of the logits' shape.
 */
export function exampleLosses(loss: LossName, head: OutputHead, logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  switch (loss) {
    case 'categoricalCrossentropy':
      return categorical(head, logits, targets);
    case 'binaryCrossentropy':
      return meanOfExample(binary(head, logits, targets));
    case 'meanSquaredError': {
      const { squaredDifference } = tensorflow();
      return meanOfExample(squaredDifference(applyHead(head, logits), targets));
    }
  }
}

/**
 * Whether the model is right about each example, [count] of 0 and 1 in float32: the arg-max of its output is the class, or
 * for a single binary output both are on the same side of one half. Undefined where examples have no one class.
 */
export function exampleHits(
  loss: LossName,
  head: OutputHead,
  logits: tf.Tensor,
  targets: tf.Tensor,
): tf.Tensor | undefined {
  const { argMax, cast, equal, greater, reshape } = tensorflow();
  if (loss === 'categoricalCrossentropy') return cast(equal(argMax(logits, -1), targets), 'float32');
  const single = logits.size === logits.shape[0];
  if (loss === 'meanSquaredError' || !single) return undefined;
  const isPositive = greater(logits, head === 'sigmoid' ? 0 : 0.5);
  return cast(equal(reshape(isPositive, [-1]), reshape(greater(targets, 0.5), [-1])), 'float32');
}

function categorical(head: OutputHead, logits: tf.Tensor, classes: tf.Tensor): tf.Tensor {
  const { cast, clipByValue, div, log, logSoftmax, mul, neg, oneHot, sum } = tensorflow();
  // As int32, then cast: TF.js's WebAssembly kernel writes int32 bits whatever type is asked for.
  const chosen = cast(oneHot(classes as tf.Tensor1D, logits.shape.at(-1) ?? 1), 'float32');
  if (head === 'softmax') return neg(sum(mul(logSoftmax(logits), chosen), -1));
  const output = applyHead(head, logits);
  const normalized = div(output, sum(output, -1, true));
  return neg(sum(mul(log(clipByValue(normalized, probabilityMargin, 1 - probabilityMargin)), chosen), -1));
}

function binary(head: OutputHead, logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  const { add, clipByValue, log, mul, neg, softplus, sub } = tensorflow();
  if (head === 'sigmoid') return sub(softplus(logits), mul(logits, targets));
  const output = clipByValue(applyHead(head, logits), probabilityMargin, 1 - probabilityMargin);
  return neg(add(mul(targets, log(output)), mul(sub(1, targets), log(sub(1, output)))));
}

/** The mean over everything but the first axis. */
function meanOfExample(values: tf.Tensor): tf.Tensor {
  const { mean, reshape } = tensorflow();
  return mean(reshape(values, [values.shape[0], -1]), 1);
}
