/** The port of samplers: what comes next, as a pure function of the space, what is known, and the seed. */
import type { Assignment, SearchSpace } from '../space/parameter.ts';

/** What is known of a cell that was proposed. */
export interface CellObservation {
  /** From 0, in the order of proposals. */
  readonly cell: number;
  readonly assignment: Assignment;
  /**
   * `running`: no value yet (a parallel sampler must not propose it again); `complete` and `pruned` have a `loss`;
   * `diverged` counts as worse than any; `excused` says nothing about the cell.
   */
  readonly state: 'running' | 'complete' | 'pruned' | 'diverged' | 'excused';
  /** The objective, turned so that lower is better; mean over the seeds of the cell. */
  readonly loss?: number;
}

/** What a proposal is made from. Nothing else decides it. */
export interface ProposalRequest {
  readonly space: SearchSpace;
  /** Of the study, in [0, 2^48). */
  readonly seed: number;
  /** The number of the cell to propose, from 0: the number of those proposed before. */
  readonly cell: number;
  /** All cells before it, ascending. */
  readonly history: readonly CellObservation[];
}

/** A cell, and why it was chosen; or that there is none left. */
export type Proposal =
  | { readonly kind: 'cell'; readonly assignment: Assignment; readonly reason: string }
  | { readonly kind: 'exhausted'; readonly reason: string };

export interface Sampler {
  readonly name: string;
  /** Whether values in the history change what is proposed. If not, cells can be proposed before others have ended. */
  readonly learns: boolean;
  propose(request: ProposalRequest): Proposal;
}
