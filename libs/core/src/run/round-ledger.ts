/**
 * The rounds of one step: vectors that are summed over all its chunks while it is computed, one after the other.
 *
 * A round is over when every chunk has arrived for it, whoever sent it; its sum then holds for the whole step. So the loss of
 * a trainer undoes no round: whoever computes its chunks anew is given the sums of the rounds that are over, and what had
 * arrived for the round in hand stays. See docs/adr/0006-synchronized-batch-normalization.md.
 */
import type { ChunkRange } from '../reduction-tree.ts';

export class RoundLedger {
  readonly #count: number;
  readonly #chunkCount: number;
  #round = 0;
  #arrived: boolean[] = [];
  #missing: number;

  /** `count` rounds over chunks [0, chunkCount). */
  constructor(count: number, chunkCount: number) {
    this.#count = count;
    this.#chunkCount = chunkCount;
    this.#missing = chunkCount;
  }

  /** Whether every round is over. */
  get complete(): boolean {
    return this.#round === this.#count;
  }

  /** Why what was sent for `round` over `range` must be dropped, or `undefined`. */
  reject(round: number, range: ChunkRange): string | undefined {
    if (round < this.#round) return `round ${String(round)} is over`;
    if (round > this.#round || this.complete) return `round ${String(round)} has not begun`;
    const known = this.#arrived.slice(range.first, range.end).includes(true);
    return known ? `its chunks have arrived for round ${String(round)}` : undefined;
  }

  /** Takes the chunks of `range`, none of which had arrived. Returns the round if it is over now. */
  arrive(range: ChunkRange): number | undefined {
    this.#arrived.length = this.#chunkCount;
    this.#arrived.fill(true, range.first, range.end);
    this.#missing -= range.end - range.first;
    if (this.#missing > 0) return undefined;
    this.#arrived = [];
    this.#missing = this.#chunkCount;
    return this.#round++;
  }
}
