/**
 * Where the validation examples come from: the end of the training examples, before any shuffling, as in Keras's
 * `validation_split`. Nothing is copied: both parts are views.
 */
import { WeftError } from '@weft/core';
import type { ExampleSplit } from './data-set.ts';

/** The two parts of the training examples. */
export interface TrainingSplit {
  readonly training: ExampleSplit;
  readonly validation: ExampleSplit;
}

/**
 * Keeps the first floor(count * (1 - fraction)) examples for training and the rest for validation (Keras's rule, in float64:
 * `train_validation_split` in keras/src/trainers/data_adapters/array_slicing.py).
 *
 * `fraction` is in [0, 1); 0 keeps all for training. Throws 'invalid-argument' for another fraction, or one that leaves
 * nothing to train on, or nothing to validate on although it is not 0.
 */
export function splitValidation(examples: ExampleSplit, fraction: number): TrainingSplit {
  if (!(fraction >= 0 && fraction < 1)) {
    throw new WeftError(
      'invalid-argument',
      `validation split is ${String(fraction)}; it must be at least 0 and below 1`,
    );
  }
  const kept = Math.floor(examples.count * (1 - fraction));
  if (kept === 0 || (fraction > 0 && kept === examples.count)) {
    const empty = kept === 0 ? 'training' : 'validation';
    throw new WeftError(
      'invalid-argument',
      `validation split ${String(fraction)} of ${String(examples.count)} examples leaves none for ${empty}; ` +
        'choose another fraction or more examples',
    );
  }
  return {
    training: viewOf(examples, 0, kept),
    validation: viewOf(examples, kept, examples.count),
  };
}

/** The examples [first, end) of `examples`, as views of the same memory. */
function viewOf(examples: ExampleSplit, first: number, end: number): ExampleSplit {
  const { images, labels, exampleSize } = examples;
  return {
    images: images.subarray(first * exampleSize, end * exampleSize),
    labels: labels.subarray(first, end),
    count: end - first,
    exampleSize,
  };
}
