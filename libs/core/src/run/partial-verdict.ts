/** Whether a partial that has arrived belongs to the step in hand. */
import type { TrainerId } from '../id.ts';
import { chunksOf, type TreeNode } from '../reduction-tree.ts';
import type { ChunkLedger } from './chunk-ledger.ts';

/** What is being reduced. */
export interface StepInHand {
  readonly position: number;
  readonly generation: number;
  readonly members: readonly TrainerId[];
  readonly chunks: ChunkLedger;
}

/** A partial as its trainer labelled it. */
export interface PartialLabel {
  readonly trainer: TrainerId;
  readonly generation: number;
  readonly position: number;
  readonly node: TreeNode;
}

/**
 * Why the partial must be dropped, or `undefined` when it is to be added.
 *
 * A partial that a member sent before it heard of a newer generation is as good as any: its bits depend on the chunks
 * alone, and a survivor keeps its chunks when the generation changes. What must never count is a partial from someone
 * who is no member, of another step, or of chunks that are not the sender's or have arrived.
 */
export function rejectPartial(step: StepInHand, partial: PartialLabel): string | undefined {
  const range = chunksOf(partial.node, step.chunks.chunkCount);
  if (!step.members.includes(partial.trainer)) return 'not a member of this generation';
  if (partial.generation > step.generation) return `generation ${String(partial.generation)} does not exist yet`;
  if (partial.position !== step.position) {
    return `it is for position ${String(partial.position)}, the run is at ${String(step.position)}`;
  }
  if (range.end <= range.first) return 'its node covers no chunk of this step';
  if (!step.chunks.isAssigned(partial.trainer, range)) return 'its chunks are not the chunks of this trainer';
  return step.chunks.hasArrived(range) ? 'its chunks have arrived' : undefined;
}
