/**
 * The losses as TF.js computations on the tracing back end: one value an example, from logits where the model's final
 * activation allows it. Gradients of the stable pairs are given in closed form.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorflow } from '@weft/nn-models';
import type { LossName } from '../engine.ts';
import { gatherClass, logSoftmax, oneHot } from './loss-kernels.ts';
import type { Head } from './topology.ts';

/** Keras's bound on probabilities. */
const epsilon = 1e-7;

/** The loss of each example, [n]. `output` [n, k] is what precedes `head`; targets are classes [n] or rows [n, k]. */
export function lossPerExample(loss: LossName, head: Head, targets: tf.Tensor, output: tf.Tensor): tf.Tensor {
  const tf = tensorflow();
  switch (loss) {
    case 'categoricalCrossentropy':
      return head === 'softmax' ? softmaxCrossEntropy(targets, output) : crossEntropy(targets, output);
    case 'binaryCrossentropy':
      return head === 'sigmoid' ? sigmoidCrossEntropy(targets, output) : binaryCrossEntropy(targets, output);
    case 'meanSquaredError':
      return tf.mean(tf.square(tf.sub(output, targets)), 1);
  }
}

/** 1 for each example whose prediction is right, else 0, [n]; zeros where the loss has no classes. */
export function correctPerExample(loss: LossName, head: Head, targets: tf.Tensor, output: tf.Tensor): tf.Tensor {
  const tf = tensorflow();
  const [rows = 0, width = 0] = output.shape;
  if (loss === 'categoricalCrossentropy') return tf.cast(tf.equal(tf.argMax(output, 1), targets), 'float32');
  if (loss === 'meanSquaredError' || width !== 1) return tf.zeros([rows]);
  const isPositive = tf.greater(output, head === 'sigmoid' ? 0 : 0.5);
  return tf.reshape(tf.cast(tf.equal(isPositive, tf.greater(targets, 0.5)), 'float32'), [rows]);
}

/** -log softmax(z)[class]; its gradient is softmax(z) - onehot(class). */
function softmaxCrossEntropy(classes: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const tf = tensorflow();
  const compute = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [z, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    const [rows = 0, count = 0] = z.shape;
    save([tf.sub(tf.softmax(z), oneHot(classes, count))]);
    const gradFunc = (dy: tf.Tensor, [slope]: tf.Tensor[]): tf.Tensor =>
      tf.mul(tf.reshape(dy, [rows, 1]), slope as tf.Tensor);
    return { value: tf.neg(gatherClass(logSoftmax(z), classes)), gradFunc };
  });
  return compute(logits);
}

/** Keras's form from probabilities: rows are scaled to sum to one, and kept away from zero. */
function crossEntropy(classes: tf.Tensor, output: tf.Tensor): tf.Tensor {
  const tf = tensorflow();
  const scaled = tf.div(output, tf.sum(output, 1, true));
  const bounded = tf.clipByValue(scaled, epsilon, 1 - epsilon);
  return tf.neg(tf.sum(tf.mul(oneHot(classes, output.shape[1] ?? 0), tf.log(bounded)), 1));
}

/** mean over outputs of max(z, 0) - z * y + log(1 + exp(-|z|)); its gradient is (sigmoid(z) - y) / k. */
function sigmoidCrossEntropy(targets: tf.Tensor, logits: tf.Tensor): tf.Tensor {
  const tf = tensorflow();
  const compute = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [z, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    const [rows = 0, count = 1] = z.shape;
    const value = tf.mean(tf.sub(tf.softplus(z), tf.mul(z, targets)), 1);
    save([tf.div(tf.sub(tf.sigmoid(z), targets), count)]);
    const gradFunc = (dy: tf.Tensor, [slope]: tf.Tensor[]): tf.Tensor =>
      tf.mul(tf.reshape(dy, [rows, 1]), slope as tf.Tensor);
    return { value, gradFunc };
  });
  return compute(logits);
}

function binaryCrossEntropy(targets: tf.Tensor, output: tf.Tensor): tf.Tensor {
  const tf = tensorflow();
  const p = tf.clipByValue(output, epsilon, 1 - epsilon);
  const hit = tf.mul(targets, tf.log(p));
  const miss = tf.mul(tf.sub(1, targets), tf.log(tf.sub(1, p)));
  return tf.neg(tf.mean(tf.add(hit, miss), 1));
}
