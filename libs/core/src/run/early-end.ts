import { Patience, type EpochMeans } from './early-stopping.ts';
import type { RunPlan } from './run-plan.ts';

/** After which epoch a run has ended, before its last one, and why. */
export interface EarlyEnd {
  readonly epochs: number;
  readonly reason: string;
}

/** How a run with these results of its epochs, from the first on, ended early; `undefined` where it did not, or has not yet. */
export function earlyEnd({ earlyStopping, epochs }: RunPlan, results: readonly EpochMeans[]): EarlyEnd | undefined {
  const patience = new Patience(earlyStopping);
  // After the last epoch a run is over in any case.
  for (const [index, means] of results.slice(0, epochs - 1).entries()) {
    patience.take(means);
    if (patience.reason !== undefined) return { epochs: index + 1, reason: patience.reason };
  }
  return undefined;
}
