/**
 * The sums of one step: partials are added along the fixed tree as they arrive, then divided once by the example count.
 * The order `arrival` breaks Weft's promise on purpose: it shows what the tree is for, and what it costs.
 * Which partials count, and when the step is complete, is decided by the run's machine.
 */
import { invariant, scalarArithmetic, TreeSum, type TreeNode } from '@weft/core';
import type { BufferPool } from './buffer-pool.ts';

/** The sum over some chunks. */
export interface PartialSum {
  /** Owned by whoever holds the sum; returned to the pool when added to another. */
  readonly contribution: Float32Array;
  readonly lossSum: number;
  readonly correctCount: number;
}

/** In which order partials are added: along the fixed tree, or as they come. */
export type ReductionOrder = 'tree' | 'arrival';

/** Adds partials of one step. */
export class StepReduction {
  readonly #sum: { give(node: TreeNode, value: PartialSum): void; readonly root: PartialSum };

  /** Buffers of partials that were added to others go back to `pool`. */
  constructor(chunkCount: number, pool: BufferPool, order: ReductionOrder) {
    const add = (left: PartialSum, right: PartialSum): PartialSum => {
      scalarArithmetic.add(left.contribution, right.contribution);
      pool.release(right.contribution);
      return {
        contribution: left.contribution,
        lossSum: left.lossSum + right.lossSum,
        correctCount: left.correctCount + right.correctCount,
      };
    };
    this.#sum = order === 'tree' ? new TreeSum(chunkCount, add) : new ArrivalSum(add);
  }

  /** Takes the partial of `node`, and its buffer. */
  give(node: TreeNode, partial: PartialSum): void {
    this.#sum.give(node, partial);
  }

  /** The sums of the whole step, the contribution divided in place by `exampleCount`. Call it once, when complete. */
  finish(exampleCount: number): PartialSum & { readonly finite: boolean } {
    const root = this.#sum.root;
    invariant(exampleCount > 0, 'a step has examples');
    const { contribution, lossSum } = root;
    const finite = scalarArithmetic.divide(contribution, exampleCount, contribution) && Number.isFinite(lossSum);
    return { ...root, finite };
  }
}

/** The sum in the order of arrival, with `TreeSum`'s face. */
class ArrivalSum {
  readonly #add: (left: PartialSum, right: PartialSum) => PartialSum;
  #sum: PartialSum | undefined;

  constructor(add: (left: PartialSum, right: PartialSum) => PartialSum) {
    this.#add = add;
  }

  give(_node: TreeNode, value: PartialSum): void {
    this.#sum = this.#sum === undefined ? value : this.#add(this.#sum, value);
  }

  get root(): PartialSum {
    invariant(this.#sum !== undefined, 'a step has partials');
    return this.#sum;
  }
}
