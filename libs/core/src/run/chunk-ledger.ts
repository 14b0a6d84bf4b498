/**
 * Who computes which chunks, and which have arrived: for the chunks of one step, or of one evaluation.
 *
 * When a trainer is lost, only the chunks that it still owes are given to others; what it had delivered is kept, and what
 * the others were given before stays theirs, cut as it was cut, so that nothing is computed twice.
 */
import { assignChunks, evenShares } from '../batch-plan.ts';
import type { TrainerId } from '../id.ts';
import type { ChunkRange } from '../reduction-tree.ts';

/** Assignment and arrival of chunks [0, chunkCount). */
export class ChunkLedger {
  readonly chunkCount: number;
  readonly #ranges = new Map<TrainerId, ChunkRange[]>();
  readonly #arrived: boolean[];
  /** How often each chunk was taken from a lost trainer and given to another. */
  readonly #attempts: number[];
  #missing: number;

  /** Gives each of `members` (in rank order) a contiguous range in proportion to its share; ranges may be empty. */
  constructor(
    chunkCount: number,
    members: readonly TrainerId[],
    shares: readonly number[] = evenShares(members.length),
  ) {
    this.chunkCount = chunkCount;
    this.#arrived = new Array<boolean>(chunkCount).fill(false);
    this.#attempts = new Array<number>(chunkCount).fill(0);
    this.#missing = chunkCount;
    assignChunks(chunkCount, shares).forEach((range, rank) => {
      const member = members[rank];
      if (member !== undefined) this.#ranges.set(member, isEmpty(range) ? [] : [range]);
    });
  }

  /** Whether every chunk has arrived. */
  get complete(): boolean {
    return this.#missing === 0;
  }

  /** The ranges given to `trainer`, in the order in which they were given. */
  rangesOf(trainer: TrainerId): readonly ChunkRange[] {
    return this.#ranges.get(trainer) ?? [];
  }

  /** How often the first chunk of `range` was given to another trainer after it had been given to the first one. */
  attemptOf(range: ChunkRange): number {
    return this.#attempts[range.first] ?? 0;
  }

  /** Whether `trainer` was given all of `range`, in one piece. */
  isAssigned(trainer: TrainerId, range: ChunkRange): boolean {
    return this.rangesOf(trainer).some((given) => given.first <= range.first && range.end <= given.end);
  }

  /** Whether any chunk of `range` has arrived. */
  hasArrived(range: ChunkRange): boolean {
    return this.#arrived.slice(range.first, range.end).includes(true);
  }

  /** Marks the chunks of `range`, none of which had arrived. */
  arrive(range: ChunkRange): void {
    this.#arrived.fill(true, range.first, range.end);
    this.#missing -= range.end - range.first;
  }

  /** Takes `trainer` out and gives what it still owes to `survivors`, as evenly as contiguous pieces allow. */
  reassign(trainer: TrainerId, survivors: readonly TrainerId[]): void {
    const owed = this.rangesOf(trainer).flatMap((range) => this.#pending(range));
    this.#ranges.delete(trainer);
    for (const { first, end } of owed) {
      for (let chunk = first; chunk < end; chunk++) this.#attempts[chunk] = this.attemptOf({ first: chunk, end }) + 1;
    }
    const total = owed.reduce((sum, range) => sum + range.end - range.first, 0);
    assignChunks(total, evenShares(survivors.length)).forEach((share, rank) => {
      const survivor = survivors[rank];
      if (survivor === undefined) return;
      // The share counts chunks of all owed ranges one after the other; `before` is how many precede the range in hand.
      let before = 0;
      for (const range of owed) {
        const first = range.first + Math.max(0, share.first - before);
        const end = Math.min(range.end, range.first + share.end - before);
        if (first < end) this.#ranges.set(survivor, [...this.rangesOf(survivor), { first, end }]);
        before += range.end - range.first;
      }
    });
  }

  /** The maximal runs of chunks within `range` that have not arrived. */
  #pending(range: ChunkRange): ChunkRange[] {
    const runs: ChunkRange[] = [];
    let first: number | undefined;
    for (let chunk = range.first; chunk <= range.end; chunk++) {
      const pending = chunk < range.end && this.#arrived[chunk] === false;
      if (pending) first ??= chunk;
      else if (first !== undefined) {
        runs.push({ first, end: chunk });
        first = undefined;
      }
    }
    return runs;
  }
}

function isEmpty(range: ChunkRange): boolean {
  return range.end <= range.first;
}
