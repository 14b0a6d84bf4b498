/** Where a run starts: from nothing, or from the store after an interruption. */
import type { RunPlan } from './run-plan.ts';

export interface RunStart {
  readonly plan: RunPlan;
  /** Trainers to wait for before the first step; afterwards one is enough. */
  readonly minTrainers: number;
  /** Position of the newest checkpoint; 0 where there is none. */
  readonly checkpoint: number;
  /** Epochs whose results are in the store. */
  readonly recordedEpochs: number;
  /** The last generation that was used. */
  readonly generation: number;
}
