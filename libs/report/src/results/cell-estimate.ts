import { studentInterval, type Interval } from '@weft/studies';
import type { ReportedTrial } from '../input/reported-trial.ts';
import type { Measure } from './measure.ts';

/** Mean and interval of `measure` over the seeds that have one. */
export function estimateOf(trials: readonly ReportedTrial[], measure: Measure): Interval | undefined {
  return studentInterval(trials.map((trial) => measure.of(trial)).filter((value) => value !== undefined));
}

/** How many trials are in which state, without those that are complete: `1 diverged, 2 pruned`; empty where all are. */
export function exceptionsOf(trials: readonly ReportedTrial[]): string {
  const states = ['diverged', 'pruned', 'excused', 'running', 'waiting'] as const;
  return states
    .map((state) => [state, trials.filter((trial) => trial.state === state).length] as const)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${String(count)} ${state}`)
    .join(', ');
}
