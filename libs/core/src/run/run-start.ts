/** Where a run starts: from nothing, or from the store after an interruption. */
import type { EpochMeans } from './early-stopping.ts';
import type { RunPlan } from './run-plan.ts';
import type { TransportSetting } from './transport.ts';

export interface RunStart {
  readonly plan: RunPlan;
  /** With fewer trainers the run pauses. */
  readonly minTrainers: number;
  /** Trainers to wait for before the first step, where that is more than `minTrainers`. */
  readonly startTrainers: number;
  readonly transport: TransportSetting;
  /** Position of the newest checkpoint; 0 where there is none. */
  readonly checkpoint: number;
  /** Results of the epochs that are in the store, in order. */
  readonly recorded: readonly EpochMeans[];
  /** The last generation that was used. */
  readonly generation: number;
}
