import type { ReportedStudy } from '../input/reported-study.ts';
import type { ReportedTrial } from '../input/reported-trial.ts';
import { estimateOf } from './cell-estimate.ts';
import type { StudyCell } from './cells.ts';
import type { Measure } from './measure.ts';

/** The best mean first; cells without a value last; otherwise in their order. */
export function ranked(cells: readonly StudyCell[], measure: Measure): StudyCell[] {
  return cells
    .map((cell) => ({ cell, mean: estimateOf(cell.trials, measure)?.mean }))
    .sort((a, b) => order(a.mean, b.mean, measure) || a.cell.cell - b.cell.cell)
    .map(({ cell }) => cell);
}

function order(a: number | undefined, b: number | undefined, { maximize }: Measure): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return maximize ? b - a : a - b;
}

/** The complete trial with the best value; the one with the lowest number where several have it. */
export function bestTrial(study: ReportedStudy, measure: Measure): ReportedTrial | undefined {
  let best: { readonly trial: ReportedTrial; readonly value: number } | undefined;
  for (const trial of study.trials) {
    const value = measure.of(trial);
    if (value === undefined) continue;
    if (best === undefined || (measure.maximize ? value > best.value : value < best.value)) best = { trial, value };
  }
  return best?.trial;
}
