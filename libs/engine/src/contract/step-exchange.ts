import { addInPlace, TreeSum, type TreeNode } from '@weft/core';
import type { RoundExchange } from '../engine.ts';

interface OpenRound {
  readonly sum: TreeSum<Float32Array>;
  readonly total: PromiseWithResolvers<Float32Array>;
}

/** Sums the rounds of one step over its subtrees, whoever computes them and in whatever order they come. */
export class StepExchange {
  readonly #chunkCount: number;
  readonly #rounds = new Map<number, OpenRound>();

  constructor(chunkCount: number) {
    this.#chunkCount = chunkCount;
  }

  /** What the gradient call for `node` is given. */
  of(node: TreeNode): RoundExchange {
    return (round, local) => {
      const open = this.#rounds.get(round) ?? {
        sum: new TreeSum(this.#chunkCount, addInPlace),
        total: Promise.withResolvers<Float32Array>(),
      };
      this.#rounds.set(round, open);
      open.sum.give(node, local);
      if (open.sum.complete) open.total.resolve(open.sum.root);
      return open.total.promise;
    };
  }
}
