/** What is known when trainers are placed: plain data, so that the same knowledge always leads to the same placement. */
import type { RunId, TrainerId } from '../id.ts';

/** An attached trainer. */
export interface PlacedTrainer {
  readonly id: TrainerId;
  readonly engineFingerprint: string;
  /** It goes away: it gets no run any more. */
  readonly leaving: boolean;
  /** The run that it was given to, also while that run lets it go. */
  readonly run: RunId | undefined;
  /** Whether that run is letting it go. */
  readonly released: boolean;
  /** When it lost its last run; `-Infinity` where it has had none since it attached. */
  readonly idleSinceMs: number;
}

/** A run that is queued or on. */
export interface PlacedRun {
  readonly id: RunId;
  /**
   * Groups share trainers fairly: a study is one, all single runs together, with an empty name, are another. The runs of a study
   * compute on one engine, so that none of its results depends on who was idle.
   */
  readonly group: string;
  /** Higher ones go first. */
  readonly priority: number;
  /** Of the runs of a group, more urgent (higher) ones go first. */
  readonly urgency: number;
  /** In which runs were submitted. */
  readonly order: number;
  /** Whether it has been given a gang. Trainers may be lost since. */
  readonly isOn: boolean;
  /** Whether it had been given one by a coordinator before this one. */
  readonly isInterrupted: boolean;
  /** Trainers without which it does not go on. */
  readonly required: number;
  /** It gets no more; 0: as many as make it faster, measured. */
  readonly maxTrainers: number;
  /** Of the trainers that may take part; empty where that is open. */
  readonly engineFingerprint: string;
  /** Runs with the same one take the same time. */
  readonly workload: string;
  /** Trainers that the run has let go for good. */
  readonly refused: ReadonlySet<TrainerId>;
  /** When its gang changed last. */
  readonly changedMs: number;
}

/** Examples a second, by workload and then by number of trainers. */
export type MeasuredSpeeds = ReadonlyMap<string, ReadonlyMap<number, number>>;

export interface PlacementRequest {
  readonly nowMs: number;
  readonly trainers: readonly PlacedTrainer[];
  readonly runs: readonly PlacedRun[];
  readonly speeds: MeasuredSpeeds;
  /** The engine on which runs of a study have computed before, by group. */
  readonly engines: ReadonlyMap<string, string>;
}

/** Something to be done, and why. */
export type PlacementAction =
  /** The run gets its gang, whole. */
  | { readonly kind: 'start'; readonly run: RunId; readonly trainers: readonly TrainerId[]; readonly reason: string }
  /** A run that is on gets one more. */
  | { readonly kind: 'give'; readonly run: RunId; readonly trainer: TrainerId; readonly reason: string }
  /** A run lets one go as soon as it owes nothing. */
  | { readonly kind: 'take'; readonly run: RunId; readonly trainer: TrainerId; readonly reason: string };

/** What follows from a request. */
export interface Placement {
  /** In the order in which they are to be done. */
  readonly actions: readonly PlacementAction[];
  /** Why runs wait: `waiting for 2 of 4 trainers: ...`. */
  readonly waiting: ReadonlyMap<RunId, string>;
  /** Idle trainers that a run would have, were their engine the same. */
  readonly misfits: readonly { readonly run: RunId; readonly trainer: TrainerId }[];
  /** Something else may follow after so long, though nothing has happened. */
  readonly againMs: number | undefined;
}
