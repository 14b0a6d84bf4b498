/** One distributed evaluation: chunks assigned, chunk sums collected, added in chunk order whatever order they came in. */
import { addClassCounts, type ClassCounts } from '../class-counts.ts';
import type { TrainerId } from '../id.ts';
import { ChunkLedger } from './chunk-ledger.ts';
import type { EvaluationChunkSums, EvaluationResult } from './run-event.ts';
import type { EvaluationSplit } from './run-plan.ts';

/** An evaluation of one split at one position. */
export class Evaluation {
  readonly split: EvaluationSplit;
  readonly ledger: ChunkLedger;
  readonly #exampleCount: number;
  readonly #sums: (EvaluationChunkSums | undefined)[];

  constructor(split: EvaluationSplit, exampleCount: number, chunkCount: number, members: readonly TrainerId[]) {
    this.split = split;
    this.ledger = new ChunkLedger(chunkCount, members);
    this.#exampleCount = exampleCount;
    this.#sums = new Array<EvaluationChunkSums | undefined>(chunkCount).fill(undefined);
  }

  /** Takes chunk sums of `trainer`; those that it was not given, or that have arrived, are ignored. */
  take(trainer: TrainerId, chunks: readonly EvaluationChunkSums[]): void {
    for (const sums of chunks) {
      const range = { first: sums.index, end: sums.index + 1 };
      if (!this.ledger.isAssigned(trainer, range) || this.ledger.hasArrived(range)) continue;
      this.ledger.arrive(range);
      this.#sums[sums.index] = sums;
    }
  }

  /** Means and counts over the split, once `ledger.complete`. */
  result(): EvaluationResult {
    let loss = 0;
    let correct = 0;
    let classes: ClassCounts | undefined;
    for (const sums of this.#sums) {
      loss += sums?.loss ?? 0;
      correct += sums?.correct ?? 0;
      if (sums?.classes === undefined) continue;
      classes = classes === undefined ? sums.classes : addClassCounts(classes, sums.classes);
    }
    const means = { loss: loss / this.#exampleCount, accuracy: correct / this.#exampleCount };
    return classes === undefined ? means : { ...means, classes };
  }
}
