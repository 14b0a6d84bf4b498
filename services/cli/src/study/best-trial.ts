import { lossOf, trialPhase } from '@weft/studies';
import type { Trial } from '@weft/wire';
import type { EndedStudy } from './follow-studies.ts';

/** The best complete trial of all studies that have the objective of the first; `undefined` where none is complete. */
export function bestTrial(studies: readonly EndedStudy[]): { study: EndedStudy; trial: Trial } | undefined {
  const metric = studies[0]?.definition.objective?.metric;
  const candidates = studies
    .filter(({ definition }) => definition.objective?.metric === metric)
    .flatMap((study) => study.trials.map((trial) => ({ study, trial, loss: lossOf(study.definition, trial.epochs) })))
    .filter(({ trial, loss }) => trialPhase(trial.state) === 'complete' && Number.isFinite(loss));
  return candidates.sort((a, b) => a.loss - b.loss)[0];
}
