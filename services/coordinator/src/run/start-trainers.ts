/** How many trainers a run waits for before it begins, or goes on. */
import type { StoredRun } from '@weft/store';
import { RunState } from '@weft/wire';

/**
 * At least `minTrainers`. A run that was under way when the last coordinator stopped had its start: it goes on with as few as it would
 * have gone on with then.
 */
export function startTrainersOf({ state, generation, minTrainers, startTrainers }: StoredRun): number {
  const hasStarted = state === RunState.RUNNING && generation > 0;
  return Math.max(1, minTrainers, hasStarted ? 0 : startTrainers);
}
