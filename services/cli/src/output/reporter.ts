/** The port through which a run is told to whoever asked for it: a person at a terminal, a log, a program. */
import type { EpochFigures, ProgressFigures, ResultFigures, RunStatus } from '../run/figures.ts';

/** The processes of a local cluster. */
export interface ClusterProcesses {
  readonly coordinator: { readonly address: string; readonly pid: number };
  readonly trainers: readonly { readonly id: string; readonly pid: number }[];
}

/** How a run ended, or why it was left. */
export interface RunEnding {
  readonly status: RunStatus;
  /** Only of a finished run. */
  readonly result: ResultFigures | undefined;
  /** Folder with the record, checkpoints and logs; only of a local run. */
  readonly folder: string | undefined;
}

/** Calls come in the order of events; `status` first, `ended` or `dropped` last. */
export interface Reporter {
  /** The run as of now: at the start and on each change of state. `processes` only of a local cluster. */
  status(status: RunStatus, processes: ClusterProcesses | undefined): void;
  progress(progress: ProgressFigures): void;
  epoch(epoch: EpochFigures): void;
  notice(text: string, atSeconds: number): void;
  ended(ending: RunEnding): void;
  /** The run is left before its end; an error or an interruption follows. */
  dropped(): void;
}
