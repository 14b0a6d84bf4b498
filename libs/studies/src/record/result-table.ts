/**
 * The result table of a study: what its definition promises, as text that is compared byte for byte.
 *
 * Two executions of one definition have equal tables, whatever the trainers, the kills and the pauses. So nothing stands in it that
 * says how it was executed: no times, trainers, attempts or ids of runs, and of a trial without a result nothing but that.
 */
import type { EpochResult, StudyDefinition, Trial } from '@weft/wire';
import { assignmentOf } from '../definition/value-message.ts';
import { hasResult, trialPhase } from './trial-state.ts';

/** One JSON object a line, in the order of trial numbers, with a line break at its end. */
export function resultTable(definition: StudyDefinition, trials: readonly Trial[]): string {
  const rank = new Map(definition.parameters.map(({ name }, index) => [name, index]));
  return [...trials]
    .sort((a, b) => a.trial - b.trial)
    .map((trial) => `${JSON.stringify(tableLine(trial, rank))}\n`)
    .join('');
}

function tableLine(trial: Trial, rank: ReadonlyMap<string, number>): object {
  const { cell, seed, epochs, result, value } = trial;
  const state = trialPhase(trial.state);
  const settings = [...assignmentOf(trial.settings)].sort(([a], [b]) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  const head = { trial: trial.trial, cell, settings: Object.fromEntries(settings), seed: Number(seed), state };
  if (!hasResult(state)) return head;
  return {
    ...head,
    value: value === undefined ? null : exact(value),
    epochs: epochs.map(epochFigures),
    test: result === undefined ? null : { loss: exact(result.testLoss), accuracy: exact(result.testAccuracy) },
    weights: result?.weightsDigest ?? epochs.at(-1)?.weightsDigest ?? '',
  };
}

function epochFigures({ loss, accuracy, validationLoss, validationAccuracy }: EpochResult): (number | string)[] {
  return [loss, accuracy, validationLoss, validationAccuracy].map(exact);
}

/** JSON has neither NaN nor infinity: they are texts, so that they differ from each other and from nothing. */
function exact(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}
