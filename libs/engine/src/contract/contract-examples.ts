/**
 * Fixed, seeded examples and parameters for the contract suite, and the float64 answer to a request.
 */
import type * as tf from '@tensorflow/tfjs';
import { PhiloxStream } from '@weft/core';
import { initialParameters, layoutOf } from '@weft/nn-models';
import type { ExampleBatch, GradientRequest, LossName } from '../engine.ts';
import { fillDropoutMask } from '../masks/dropout-mask.ts';
import { referencePass, type ReferenceResult } from '../numeric-reference/model-twin.ts';

/** Seed of the runs of the suite. */
export const runSeed = 20_26;

/** Values of one example's input, and of its target (1 for a class number). */
export interface ExampleSizes {
  readonly input: number;
  readonly target: number;
}

/** The sizes of the examples that `model` is trained on with `loss`. */
export function exampleSizes(model: tf.LayersModel, loss: LossName): ExampleSizes {
  const size = (tensor: tf.SymbolicTensor | undefined): number =>
    (tensor?.shape ?? []).slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);
  return { input: size(model.inputs[0]), target: loss === 'categoricalCrossentropy' ? 1 : size(model.outputs[0]) };
}

/** `count` examples with uint8 inputs, half of them black as in real images; class numbers, or targets of 0 and 1. */
export function examplesFor(model: tf.LayersModel, loss: LossName, count: number, seed = 1): ExampleBatch {
  const { input, target } = exampleSizes(model, loss);
  const stream = new PhiloxStream(seed, 'syntheticData', 77);
  const inputs = Uint8Array.from({ length: count * input }, () => Math.max(0, stream.below(512) - 256));
  const classes = model.outputs[0]?.shape.at(-1) ?? 2;
  const targets =
    loss === 'categoricalCrossentropy'
      ? Int32Array.from({ length: count }, () => stream.below(classes))
      : Float32Array.from({ length: count * target }, () => stream.below(2));
  return { inputs, targets };
}

/** Initial parameters moved a little, so that no bias is zero and no normalization the identity. */
export function parametersFor(model: tf.LayersModel, seed = 1): Float32Array {
  const stream = new PhiloxStream(seed, 'syntheticData', 78);
  const { entries } = layoutOf(model);
  const values = initialParameters(model, seed);
  for (const { length, name, offset } of entries) {
    if (name.endsWith('kernel')) continue;
    for (let at = offset; at < offset + length; at++) values[at] = (values[at] ?? 0) + 0.1 * (stream.uniform() - 0.5);
  }
  return values;
}

/**
 * The float64 answer to a training request whose chunks are one batch to every layer: what a request of one chunk means, and
 * of several with synchronized batch normalization. Each chunk has dropout masks of its own.
 */
export function referenceOf(
  model: tf.LayersModel,
  loss: LossName,
  request: GradientRequest,
  parameters: Float32Array,
): ReferenceResult {
  const { chunkSizes, epoch, examples, firstChunk, step } = request;
  const count = chunkSizes.reduce((sum, size) => sum + size, 0);
  return referencePass(model, {
    ...shared(model, loss, examples, parameters),
    training: true,
    mask: (layer, rate, length) => {
      const mask = new Uint8Array(length);
      let offset = 0;
      chunkSizes.forEach((size, ordinal) => {
        const key = { seed: runSeed, epoch, step, chunk: firstChunk + ordinal, layer };
        const end = offset + (length / count) * size;
        fillDropoutMask(key, rate, mask.subarray(offset, end));
        offset = end;
      });
      return mask;
    },
  });
}

/** The float64 answer for the same examples in inference mode. */
export function inferenceReferenceOf(
  model: tf.LayersModel,
  loss: LossName,
  examples: ExampleBatch,
  parameters: Float32Array,
): ReferenceResult {
  return referencePass(model, {
    ...shared(model, loss, examples, parameters),
    training: false,
    mask: () => new Uint8Array(),
  });
}

function shared(model: tf.LayersModel, loss: LossName, { inputs, targets }: ExampleBatch, parameters: Float32Array) {
  return {
    loss,
    inputs: Float32Array.from(inputs, (value) => value / 255),
    targets,
    count: inputs.length / exampleSizes(model, loss).input,
    parameters,
  };
}

/** A chunk-sized piece of a batch: examples [first, end). */
export function examplesBetween(
  { inputs, targets }: ExampleBatch,
  { input, target }: ExampleSizes,
  first: number,
  end: number,
): ExampleBatch {
  return {
    inputs: inputs.subarray(first * input, end * input),
    targets: targets.subarray(first * target, end * target),
  };
}
