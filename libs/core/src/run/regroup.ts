/** What each member of a new generation is told: its place, and its share of the step at the run's position. */
import type { TrainerId } from '../id.ts';
import type { ChunkLedger } from './chunk-ledger.ts';
import type { RunEffect } from './run-event.ts';

/** An agreed membership of a run, and the position from which it works. */
export interface Generation {
  readonly number: number;
  /** In rank order. */
  readonly members: readonly TrainerId[];
  readonly position: number;
}

/** One message a member, in rank order; without `chunks` the only member works alone. */
export function regroupEffects(generation: Generation, chunks: ChunkLedger | undefined): RunEffect[] {
  const { number, members, position } = generation;
  return members.map((trainer, rank) => ({
    kind: 'regroup',
    trainer,
    generation: number,
    rank,
    worldSize: members.length,
    position,
    chunks: chunks?.rangesOf(trainer) ?? [],
    solo: chunks === undefined,
  }));
}
