/** A study's trials for other programs: everything that is known of them, times included. */
import type { StudyDefinition, Trial } from '@weft/wire';
import { assignmentOf } from '../definition/value-message.ts';
import { trialPhase } from './trial-state.ts';

type Cell = string | number | boolean | undefined;

/** A trial as a flat record; `undefined` where it has no such figure. */
function rowOf(trial: Trial): Record<string, Cell> {
  const { cell, seed, value, epochs, result, attempts, runId, configurationDigest, reason } = trial;
  const last = epochs.at(-1);
  return {
    ...{ trial: trial.trial, cell, ...Object.fromEntries(assignmentOf(trial.settings)), seed: Number(seed) },
    ...{ state: trialPhase(trial.state), value, epochs: epochs.length },
    ...{ loss: last?.loss, accuracy: last?.accuracy },
    ...{ validation_loss: last?.validationLoss, validation_accuracy: last?.validationAccuracy },
    ...{ test_loss: result?.testLoss, test_accuracy: result?.testAccuracy },
    ...{ seconds: result?.seconds, examples_per_second: result?.examplesPerSecond, attempts, run_id: runId },
    weights_digest: result?.weightsDigest ?? last?.weightsDigest,
    ...{ configuration_digest: configurationDigest, reason },
  };
}

/** The columns of a study's export: each of its parameters has one. */
function columnsOf({ parameters }: StudyDefinition): string[] {
  return [
    ...['trial', 'cell', ...parameters.map(({ name }) => name), 'seed', 'state', 'value', 'epochs'],
    ...['loss', 'accuracy', 'validation_loss', 'validation_accuracy', 'test_loss', 'test_accuracy'],
    ...['seconds', 'examples_per_second', 'attempts', 'run_id', 'weights_digest', 'configuration_digest', 'reason'],
  ];
}

/** One line a trial after a line of titles, as RFC 4180 has it but with LF. Empty where there is no such figure. */
export function trialsCsv(definition: StudyDefinition, trials: readonly Trial[]): string {
  const columns = columnsOf(definition);
  const rows = trials.map((trial) => {
    const row = rowOf(trial);
    return columns.map((column) => quoted(row[column]));
  });
  return [columns, ...rows].map((cells) => `${cells.join(',')}\n`).join('');
}

/** A JSON array of one object a trial, each with the curves of its epochs. Numbers that are not finite are null. */
export function trialsJson(trials: readonly Trial[]): string {
  const rows = trials.map((trial) => ({
    ...rowOf(trial),
    settings: Object.fromEntries(assignmentOf(trial.settings)),
    curves: trial.epochs.map(({ epoch, loss, accuracy, validationLoss, validationAccuracy, seconds }) => ({
      ...{ epoch, loss, accuracy, validation_loss: validationLoss, validation_accuracy: validationAccuracy, seconds },
    })),
  }));
  return `${JSON.stringify(rows, undefined, 2)}\n`;
}

/** Texts that a spreadsheet would take for a formula get a blank before them. */
function quoted(value: Cell): string {
  if (value === undefined) return '';
  const text = typeof value === 'string' && /^[=+@-]/.test(value) ? ` ${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
