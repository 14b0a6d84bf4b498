import { parameterImportance, type CellObservation } from '@weft/tuning';
import type { ImportanceShare, ReportedStudy } from '../input/reported-study.ts';
import { estimateOf } from './cell-estimate.ts';
import { cellsOf } from './cells.ts';
import { objectiveMeasure } from './measure.ts';

/**
 * What each parameter of `study` explains by itself of the spread of its objective, over complete trials; `seed` is the study's.
 * Empty where there is nothing to tell: one parameter only, or too few results.
 */
export function importanceShares(study: ReportedStudy, seed: number): ImportanceShare[] {
  if (study.space.length < 2) return [];
  const measure = objectiveMeasure(study);
  const observations = cellsOf(study).flatMap(({ settings, trials }, cell): CellObservation[] => {
    const mean = estimateOf(trials, measure)?.mean;
    if (mean === undefined) return [];
    return [{ cell, assignment: settings, state: 'complete', loss: measure.maximize ? -mean : mean }];
  });
  const shares = [...parameterImportance(study.space, observations, seed)].map(([parameter, { share }]) => ({
    parameter,
    share,
  }));
  return shares.some(({ share }) => share > 0) ? shares : [];
}
