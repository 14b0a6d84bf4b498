/**
 * The sums of one step: partials are added along the fixed tree as they arrive, then divided once by the example count.
 * Which partials count, and when the step is complete, is decided by the run's machine.
 */
import { addInPlace, invariant, TreeSum, type TreeNode } from '@weft/core';
import type { BufferPool } from './buffer-pool.ts';

/** The sum over some chunks. */
export interface PartialSum {
  /** Owned by whoever holds the sum; returned to the pool when added to another. */
  readonly contribution: Float32Array;
  readonly lossSum: number;
  readonly correctCount: number;
}

/** Adds partials of one step. */
export class StepReduction {
  readonly #sum: TreeSum<PartialSum>;

  /** Buffers of partials that were added to others go back to `pool`. */
  constructor(chunkCount: number, pool: BufferPool) {
    this.#sum = new TreeSum<PartialSum>(chunkCount, (left, right) => {
      addInPlace(left.contribution, right.contribution);
      pool.release(right.contribution);
      return {
        contribution: left.contribution,
        lossSum: left.lossSum + right.lossSum,
        correctCount: left.correctCount + right.correctCount,
      };
    });
  }

  /** Takes the partial of `node`, and its buffer. */
  give(node: TreeNode, partial: PartialSum): void {
    this.#sum.give(node, partial);
  }

  /** The sums of the whole step, the contribution divided in place by `exampleCount`. Call it once, when complete. */
  finish(exampleCount: number): PartialSum & { readonly finite: boolean } {
    const root = this.#sum.root;
    invariant(exampleCount > 0, 'a step has examples');
    const finite = divideInPlace(root.contribution, exampleCount) && Number.isFinite(root.lossSum);
    return { ...root, finite };
  }
}

/** Divides every element by `count` in float32; tells whether all quotients are finite. */
function divideInPlace(values: Float32Array, count: number): boolean {
  let trace = 0;
  for (let i = 0; i < values.length; i++) {
    const quotient = Math.fround((values[i] as number) / count);
    values[i] = quotient;
    trace += quotient * 0;
  }
  return trace === 0;
}
