import type { RecordedResult } from '@weft/tuning';
import type { StudyDefinition, Trial } from '@weft/wire';
import { lossOf } from '../definition/loss-of.ts';
import { assignmentOf } from '../definition/value-message.ts';
import { hasResult, trialPhase } from './trial-state.ts';

/** The results of a study, for `whatIf`: trials that have none yet are left out. Losses are those that the study itself was told. */
export function recordedResults(definition: StudyDefinition, trials: readonly Trial[]): RecordedResult[] {
  return trials.flatMap((trial): RecordedResult[] => {
    const outcome = trialPhase(trial.state);
    if (!hasResult(outcome) && outcome !== 'excused') return [];
    return [
      {
        ...{ assignment: assignmentOf(trial.settings), seed: Number(trial.seed), outcome },
        losses: trial.epochs.map((_, index) => lossOf(definition, trial.epochs.slice(0, index + 1))),
        seconds: trial.epochs.map(({ seconds }) => seconds),
      },
    ];
  });
}
