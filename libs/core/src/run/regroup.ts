/** What each member of a new generation is told: its place, how the gang exchanges, and its share of the step in hand. */
import type { TrainerId } from '../id.ts';
import type { ChunkLedger } from './chunk-ledger.ts';
import type { RunEffect } from './run-event.ts';
import type { TransportChoice } from './transport.ts';

/** An agreed membership of a run, and the position from which it works. */
export interface Generation {
  readonly number: number;
  /** In rank order. */
  readonly members: readonly TrainerId[];
  /** In rank order: see `assignChunks`. */
  readonly shares: readonly number[];
  readonly position: number;
}

/** One message a member, in rank order. */
export function regroupEffects(generation: Generation, chunks: ChunkLedger, choice: TransportChoice): RunEffect[] {
  const { number, members, shares, position } = generation;
  return members.map((trainer, rank) => ({
    kind: 'regroup',
    trainer,
    generation: number,
    rank,
    worldSize: members.length,
    position,
    chunks: chunks.rangesOf(trainer),
    shares,
    members,
    ...choice,
  }));
}
