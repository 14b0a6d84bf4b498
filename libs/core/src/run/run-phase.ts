/** What a run is doing. Each phase carries what only makes sense in it. */
import type { Boundary } from './boundary.ts';
import type { ChunkLedger } from './chunk-ledger.ts';
import type { Gang } from './gang.ts';
import type { RoundLedger } from './round-ledger.ts';
import type { RunOutcome } from './run-event.ts';

export type RunPhase =
  /** Too few trainers stand at the run's position; members, if there are any, wait there. */
  | { readonly kind: 'waiting' }
  /** Members compute chunks of one step; the coordinator adds and commits. */
  | { readonly kind: 'star'; readonly chunks: ChunkLedger; readonly rounds: RoundLedger }
  /** Members exchange and commit by themselves: over the direct transport, or because there is one only. */
  | { readonly kind: 'autonomous'; readonly gang: Gang }
  | { readonly kind: 'boundary'; readonly boundary: Boundary }
  | { readonly kind: 'ended'; readonly outcome: RunOutcome };

/** How many trainers there are, for the phase's description. */
export interface TrainerCounts {
  readonly members: number;
  /** Loaded, not yet members. */
  readonly ready: number;
  readonly required: number;
}

/** What the run is doing and why, for people. */
export function describePhase(phase: RunPhase, counts: TrainerCounts): string {
  const { members, ready, required } = counts;
  switch (phase.kind) {
    case 'waiting': {
      const waiting = `waiting for trainers: ${String(members + ready)} of ${String(required)} ready`;
      return members > 0 ? `paused, ${waiting}` : waiting;
    }
    case 'star':
      return `training on ${trainers(members)}`;
    case 'autonomous': {
      const { isAsked, settling } = phase.gang;
      return isAsked
        ? `agreeing on a position, waiting for ${settling.awaited.join(', ')}`
        : `training on ${trainers(members)}`;
    }
    case 'boundary':
      return phase.boundary.evaluations.length > 0 ? 'evaluating and writing a checkpoint' : 'letting trainers join';
    case 'ended':
      return phase.outcome.kind === 'finished' ? (phase.outcome.early ?? 'finished') : phase.outcome.message;
  }
}

function trainers(count: number): string {
  return `${String(count)} trainer${count === 1 ? '' : 's'}`;
}
