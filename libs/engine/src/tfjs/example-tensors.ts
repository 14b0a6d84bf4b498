import type * as tf from '@tensorflow/tfjs';
import { invariant } from '@weft/core';
import { tensorflow } from '@weft/nn-models';
import type { ExampleBatch } from '../engine.ts';

/** Value v of a uint8 input as the model sees it: v / 255, rounded to float32. */
const unitBytes = Float32Array.from({ length: 256 }, (_, value) => value / 255);

/** `count` rows of raw inputs as the tensor that `model` takes. */
export function inputTensor(model: tf.LayersModel, rows: Uint8Array | Float32Array, count: number): tf.Tensor {
  const [input] = model.inputs;
  invariant(input !== undefined, 'the model has an input');
  const values = new Float32Array(rows.length);
  if (rows instanceof Uint8Array) rows.forEach((value, at) => (values[at] = unitBytes[value] ?? 0));
  else values.set(rows);
  return tensorflow().tensor(values, [count, ...input.shape.slice(1).map((size) => size ?? 1)], 'float32');
}

/** `count` examples as tensors: inputs as the model takes them, targets int32 [count] or of the shape of its output. */
export function exampleTensors(
  model: tf.LayersModel,
  { inputs, targets }: ExampleBatch,
  count: number,
): { inputs: tf.Tensor; targets: tf.Tensor } {
  const { tensor } = tensorflow();
  const [output] = model.outputs;
  invariant(output !== undefined, 'the model has an output');
  return {
    inputs: inputTensor(model, inputs, count),
    targets:
      targets instanceof Int32Array
        ? tensor(targets.slice(), [count], 'int32')
        : tensor(targets.slice(), [count, ...output.shape.slice(1).map((size) => size ?? 1)], 'float32'),
  };
}
