/** All trials of all studies as CSV (RFC 4180): one line each, every digit of every figure. */
import type { StudyReportInput } from '../input/study-report-input.ts';
import type { ReportedTrial } from '../input/reported-trial.ts';
import { metricOf } from '../results/measure.ts';
import { trainersText } from '../results/trainers-text.ts';

const before = ['study', 'trial', 'cell', 'seed', 'state', 'value'] as const;
const metrics = ['loss', 'accuracy', 'validation-loss', 'validation-accuracy', 'test-loss', 'test-accuracy'] as const;
const after = [
  ...['seconds', 'examples-per-second', 'trainers', 'attempts', 'run', 'weights-digest'],
  ...['configuration-digest', 'reason'],
] as const;

/** Columns of settings are named `setting.NAME`; one that does not count in a trial is empty there. Lines end with CR LF. */
export function studyCsv({ studies }: StudyReportInput): string {
  const names = [...new Set(studies.flatMap(({ space }) => space.map(({ name }) => name)))];
  const lines = [[...before, ...names.map((name) => `setting.${name}`), 'epochs', ...metrics, ...after]];
  for (const { studyId, trials } of studies) for (const trial of trials) lines.push(lineOf(studyId, trial, names));
  return lines.map((fields) => `${fields.map(quoted).join(',')}\r\n`).join('');
}

function lineOf(studyId: string, trial: ReportedTrial, names: readonly string[]): string[] {
  const { epochs, result } = trial;
  const text = (value: string | number | boolean | undefined): string => (value === undefined ? '' : String(value));
  return [
    ...[studyId, text(trial.trial), text(trial.cell), text(trial.seed), trial.state, text(trial.value)],
    ...names.map((name) => text(trial.settings.get(name))),
    text(epochs.length),
    ...metrics.map((metric) => text(metricOf(trial, metric))),
    ...[text(result?.seconds), text(result?.examplesPerSecond), epochs.length === 0 ? '' : trainersText(epochs)],
    ...[text(trial.attempts), trial.runId, text(result?.weightsDigest), trial.configurationDigest, trial.reason],
  ];
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
