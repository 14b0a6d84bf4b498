/** What a run's folder says of it: enough to list it, to resume it and to report it, without a coordinator. */
import type { EpochFigures, ResultFigures, RunPhase, RunStatus } from '../run/figures.ts';

/** How the cluster of a local run is started, again and again. */
export interface LocalSettings {
  readonly trainers: number;
  readonly minTrainers?: number;
  readonly transport?: 'auto' | 'star' | 'direct';
  readonly engine?: string;
  readonly dataDirectory?: string;
}

/** `run.json`. */
export interface RunRecord {
  readonly format: 1;
  readonly status: RunStatus;
  /** The phase for people: a run that is not over and that no process works for is interrupted. */
  readonly phase: RunPhase | 'interrupted';
  readonly local: LocalSettings;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly epochs: readonly EpochFigures[];
  readonly result?: ResultFigures;
}

/** `epochs` with `added`, which takes the place of an epoch of that number and of all that follow it. */
export function withEpoch(epochs: readonly EpochFigures[], added: EpochFigures): EpochFigures[] {
  return [...epochs.filter(({ epoch }) => epoch < added.epoch), added];
}

/** Whether a run in this phase can go on. */
export function isResumable(phase: RunRecord['phase']): boolean {
  return phase === 'interrupted' || phase === 'failed' || phase === 'cancelled' || phase === 'queued';
}
