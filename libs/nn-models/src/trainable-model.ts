import type * as tf from '@tensorflow/tfjs';
import { configOf } from './layer-config.ts';
import { leafLayers } from './leaf-layers.ts';

/**
 * Everything in `model` that Weft would not train as it is written: other than one input and one output, sizes left open,
 * frozen layers, regularizers, constraints, no trainable variable.
 */
export function trainingProblems(model: tf.LayersModel): string[] {
  const problems: string[] = [];
  for (const [what, tensors] of [
    ['input', model.inputs],
    ['output', model.outputs],
  ] as const) {
    if (tensors.length !== 1) problems.push(`it has ${String(tensors.length)} ${what}s; exactly one is supported`);
    for (const { shape } of tensors) {
      if (shape.slice(1).some((dimension) => dimension === null)) {
        problems.push(`its ${what} shape [${shape.join(', ')}] leaves a size open; only the batch size may be`);
      }
    }
  }
  for (const { path, layer } of leafLayers(model)) {
    if (!layer.trainable && layer.weights.length > 0) {
      problems.push(`layer "${path}" is frozen (trainable: false), which is not supported`);
    }
    for (const [key, value] of Object.entries(configOf(layer))) {
      if (typeof value === 'object' && value !== null && /(Regularizer|Constraint)$/.test(key)) {
        problems.push(`layer "${path}" has a ${key}, which is not supported; weight decay is an optimizer option`);
      }
    }
  }
  if (model.trainableWeights.length === 0) problems.push('it has no trainable variable');
  return problems;
}
