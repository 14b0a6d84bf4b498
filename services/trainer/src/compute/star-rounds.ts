/**
 * The chunks of a step with rounds, in a star: the nodes of this trainer's share are computed together, each gives a vector for
 * every round, and all wait until the coordinator has the sum over the step.
 *
 * Sums that are known are kept until the step is committed: chunks that come later, of a trainer that was lost, go through the
 * same rounds with them.
 */
import type { ChunkRange, TreeNode } from '@weft/core';
import type { RoundExchange } from '@weft/engine';
import type { ComputeReport } from './commands.ts';
import type { OpenedRun } from './opened-run.ts';
import type { OwnPartials } from './own-partials.ts';

/** What the rounds of a run work with. */
export interface StarRoundsParts {
  readonly run: OpenedRun;
  readonly own: OwnPartials;
  readonly report: (report: ComputeReport) => void;
  /** A node could not be computed. What it throws ends the process. */
  readonly failed: (thrown: unknown) => void;
  readonly nowMs: () => number;
}

/** Ends the gradients of a step that is given up. */
const abandoned = Symbol('abandoned');

export class StarRounds {
  readonly #parts: StarRoundsParts;
  readonly #sums: Float32Array[] = [];
  readonly #begun = new Map<string, Promise<void>>();
  #waiting: PromiseWithResolvers<Float32Array>[] = [];
  #generation = 0;
  #running = 0;
  #markMs = 0;
  #idleSinceMs: number | undefined;
  /** Since the last mark, and altogether in this step. */
  #idleMs = 0;
  #stepIdleMs = 0;

  constructor(parts: StarRoundsParts) {
    this.#parts = parts;
  }

  /** Time in this step in which nothing could be computed before a sum came, in seconds. */
  get waitedSeconds(): number {
    return this.#stepIdleMs / 1000;
  }

  /** Begins with those chunks of `ranges` that are not begun; each node's partial is reported when it is computed. */
  begin(generation: number, ranges: readonly ChunkRange[]): void {
    this.#generation = generation;
    const fresh = this.#parts.own.nodesOf(ranges).filter((node) => !this.#begun.has(keyOf(node)));
    if (fresh.length > 0) this.#endIdle();
    if (this.#running === 0) this.#markMs = this.#parts.nowMs();
    this.#running += fresh.length;
    for (const node of fresh) this.#begun.set(keyOf(node), this.#compute(node));
  }

  /** Takes the sum of a round of the step in hand. */
  take(round: number, sum: Float32Array): void {
    this.#sums[round] = sum;
    this.#endIdle();
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of waiting) resolve(sum);
  }

  /** The step is committed, or given up: resolves when nothing is computed any more. */
  async end(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    // Not an error: it is caught where the gradient ends.
    for (const { reject } of waiting) reject(abandoned);
    await Promise.all(this.#begun.values());
    this.#begun.clear();
    this.#sums.length = 0;
    this.#idleSinceMs = undefined;
    this.#idleMs = 0;
    this.#stepIdleMs = 0;
  }

  async #compute(node: TreeNode): Promise<void> {
    const { own, report, run } = this.#parts;
    const exchange: RoundExchange = (round, local) => this.#exchange(node, round, local);
    try {
      const partial = await own.of(node, exchange);
      const label = { runId: run.run.runId, generation: this.#generation, position: run.position };
      const computeSeconds = Math.max(0, this.#busySeconds() - partial.dataSeconds);
      report({ kind: 'partial', ...label, ...partial, computeSeconds });
    } catch (thrown) {
      if (thrown !== abandoned) this.#parts.failed(thrown);
    } finally {
      this.#running--;
    }
  }

  #exchange(node: TreeNode, round: number, vector: Float32Array): Promise<Float32Array> {
    const known = this.#sums[round];
    if (known !== undefined) return Promise.resolve(known);
    const { nowMs, report, run } = this.#parts;
    const label = { runId: run.run.runId, generation: this.#generation, position: run.position };
    report({ kind: 'round-partial', ...label, round, node, vector });
    const total = Promise.withResolvers<Float32Array>();
    this.#waiting.push(total);
    if (this.#waiting.length === this.#running) this.#idleSinceMs = nowMs();
    return total.promise;
  }

  #endIdle(): void {
    if (this.#idleSinceMs === undefined) return;
    const idleMs = this.#parts.nowMs() - this.#idleSinceMs;
    this.#idleSinceMs = undefined;
    this.#idleMs += idleMs;
    this.#stepIdleMs += idleMs;
  }

  /** Time since the last call, or the beginning, in which something was computed. */
  #busySeconds(): number {
    const nowMs = this.#parts.nowMs();
    const busyMs = nowMs - this.#markMs - this.#idleMs;
    this.#markMs = nowMs;
    this.#idleMs = 0;
    return busyMs / 1000;
  }
}

function keyOf({ level, index }: TreeNode): string {
  return `${String(level)}/${String(index)}`;
}
