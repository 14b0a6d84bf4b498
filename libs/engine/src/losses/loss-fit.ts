import { WeftError } from '@weft/core';
import type { LossName } from '../engine.ts';

/**
 * Throws a `WeftError` ('invalid-argument') where a model whose examples give outputs of `outputShape` cannot be trained
 * with `loss`: categorical cross-entropy wants one row of at least two class probabilities an example.
 */
export function checkLossFits(loss: LossName, outputShape: readonly number[]): void {
  if (loss !== 'categoricalCrossentropy') return;
  if (outputShape.length === 1 && (outputShape[0] ?? 0) >= 2) return;
  throw new WeftError(
    'invalid-argument',
    `categoricalCrossentropy needs one row of at least 2 outputs an example; the model gives [${outputShape.join(', ')}]`,
  );
}
