/** What a run is doing. Each phase carries what only makes sense in it. */
import type { Boundary } from './boundary.ts';
import type { ChunkLedger } from './chunk-ledger.ts';
import type { RunOutcome } from './run-event.ts';

export type RunPhase =
  /** Too few trainers stand at the run's position. */
  | { readonly kind: 'waiting' }
  /** Members compute chunks of one step; the coordinator adds and commits. */
  | { readonly kind: 'training'; readonly chunks: ChunkLedger }
  /** The only member computes, adds and commits by itself. */
  | { readonly kind: 'solo' }
  | { readonly kind: 'boundary'; readonly boundary: Boundary }
  | { readonly kind: 'ended'; readonly outcome: RunOutcome };

/** How many trainers there are, for the phase's description. */
export interface TrainerCounts {
  readonly members: number;
  readonly ready: number;
  readonly required: number;
}

/** What the run is doing and why, for people. */
export function describePhase(phase: RunPhase, counts: TrainerCounts): string {
  switch (phase.kind) {
    case 'waiting':
      return `waiting for trainers: ${String(counts.ready)} of ${String(counts.required)} ready`;
    case 'training':
    case 'solo':
      return `training on ${String(counts.members)} trainer${counts.members === 1 ? '' : 's'}`;
    case 'boundary':
      return phase.boundary.evaluations.length > 0 ? 'evaluating and writing a checkpoint' : 'letting trainers join';
    case 'ended':
      return phase.outcome.kind === 'finished' ? 'finished' : phase.outcome.message;
  }
}
