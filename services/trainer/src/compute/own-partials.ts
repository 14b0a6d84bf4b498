/** The sums that this trainer has computed for the step in hand, kept until it is committed: after a loss they are sent again. */
import { chunksOf, coverRange, type ChunkRange, type TreeNode } from '@weft/core';
import type { RoundExchange } from '@weft/engine';
import type { OpenedRun } from './opened-run.ts';

/** A computed sum over one node. */
export interface OwnPartial {
  readonly node: TreeNode;
  readonly loss: number;
  readonly correct: number;
  readonly examples: number;
  /** Not written again before the step after the next one begins. */
  readonly contribution: Float32Array;
  readonly chunks: number;
  readonly dataSeconds: number;
  readonly computeSeconds: number;
}

export class OwnPartials {
  readonly #run: OpenedRun;
  readonly #nowMs: () => number;
  readonly #computed = new Map<string, OwnPartial>();
  readonly #reported = new Set<string>();
  /** Buffers of steps at even and at odd positions: a sum may still be on its way when the next step begins. */
  readonly #buffers: readonly [Float32Array[], Float32Array[]] = [[], []];
  #taken = 0;

  constructor(run: OpenedRun, nowMs: () => number) {
    this.#run = run;
    this.#nowMs = nowMs;
  }

  /** The nodes of the step in hand that cover `ranges`. */
  nodesOf(ranges: readonly ChunkRange[]): TreeNode[] {
    return ranges.flatMap((range) => coverRange(range, this.#run.chunkCount));
  }

  /** Whether the sum over `node` has been computed. */
  has(node: TreeNode): boolean {
    return this.#computed.has(keyOf(node));
  }

  /** The sum over `node`, computed now if it was not before. */
  async of(node: TreeNode, exchange?: RoundExchange): Promise<OwnPartial> {
    const known = this.#computed.get(keyOf(node));
    if (known !== undefined) return known;
    const run = this.#run;
    const buffers = this.#buffers[run.position % 2 === 0 ? 0 : 1];
    const contribution = (buffers[this.#taken++] ??= new Float32Array(run.layoutSize));
    const startedMs = this.#nowMs();
    const { dataSeconds: before } = run.spent;
    const { loss, correct } = await run.contribute(node, contribution, exchange);
    const elapsedSeconds = (this.#nowMs() - startedMs) / 1000;
    const dataSeconds = Math.min(elapsedSeconds, run.spent.dataSeconds - before);
    const { first, end } = chunksOf(node, run.chunkCount);
    const times = { chunks: end - first, dataSeconds, computeSeconds: elapsedSeconds - dataSeconds };
    const partial = { node, loss, correct, examples: run.exampleCount(node), contribution, ...times };
    this.#computed.set(keyOf(node), partial);
    return partial;
  }

  /** Whether the coordinator was given the sum over `node`. */
  isReported(node: TreeNode): boolean {
    return this.#reported.has(keyOf(node));
  }

  /** The coordinator was given the sum over `node`. */
  noteReport(node: TreeNode): void {
    this.#reported.add(keyOf(node));
  }

  /** The step has been committed, or the replica was replaced. */
  clear(): void {
    this.#reported.clear();
    this.#computed.clear();
    this.#taken = 0;
  }
}

function keyOf(node: TreeNode): string {
  return `${String(node.level)}/${String(node.index)}`;
}
