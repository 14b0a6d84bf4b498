/** Every trial with its last figures and digests, out of the way. */
import type { Block, Cell, Column, Section } from '../document/block.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import type { ReportedTrial } from '../input/reported-trial.ts';
import { absent, countText, durationText, metricText, plural, shortDigest, valueText } from '../results/figure-text.ts';
import { limits } from '../results/limits.ts';
import { metricOf, objectiveMeasure, type Measure } from '../results/measure.ts';
import { trainersText } from '../results/trainers-text.ts';

/** The section of all trials of all studies, cut where there are very many. */
export function trialSection(studies: readonly ReportedStudy[]): Section {
  return { id: 'trials', title: 'All trials', blocks: studies.map(foldOf) };
}

const metrics = ['loss', 'accuracy', 'validation-loss', 'validation-accuracy', 'test-loss', 'test-accuracy'] as const;

function foldOf(study: ReportedStudy): Block {
  const { title, trials, space } = study;
  const shown = shownTrials(study);
  const left = trials.length - shown.length;
  const rest =
    left > 0
      ? ` Left out: ${plural(left, 'trial')}; shown are the best ${countText(limits.trialRows)}, in order. The CSV file has all.`
      : '';
  const names = space.map(({ name }) => name);
  return {
    ...{ kind: 'fold', printed: false, summary: `${title}: ${plural(trials.length, 'trial')}` },
    blocks: [
      {
        ...{ kind: 'table', rows: shown.map((trial) => rowOf(trial, names)) },
        caption: `Trials of ${title}, with figures after their last epoch and the first 16 digits of digests.${rest}`,
        columns: [
          ...[{ name: 'trial', kind: 'head' } as const, number('cell')],
          ...names.map((name): Column => ({ name, kind: 'text' })),
          ...[number('seed'), text('state'), number('epochs')],
          ...metrics.map((metric) => number(metric.replace('-', ' '))),
          ...[number('time'), number('examples/s'), number('trainers'), number('attempts')],
          ...[text('weights'), text('configuration'), { name: 'reason', kind: 'wide' } as const],
        ],
      },
    ],
  };
}

const number = (name: string): Column => ({ name, kind: 'number' });
const text = (name: string): Column => ({ name, kind: 'text' });

/** All, or the best ones, in the order of their numbers. */
function shownTrials(study: ReportedStudy): readonly ReportedTrial[] {
  const { trials } = study;
  if (trials.length <= limits.trialRows) return trials;
  const measure = objectiveMeasure(study);
  return trials
    .map((trial) => ({ trial, loss: lossOf(trial, measure) }))
    .sort((a, b) => a.loss - b.loss || a.trial.trial - b.trial.trial)
    .slice(0, limits.trialRows)
    .map(({ trial }) => trial)
    .sort((a, b) => a.trial - b.trial);
}

function lossOf(trial: ReportedTrial, measure: Measure): number {
  const value = measure.of(trial);
  // Not infinity: the difference of two would not be a number.
  return value === undefined ? Number.MAX_VALUE : measure.maximize ? -value : value;
}

function rowOf(trial: ReportedTrial, names: readonly string[]): Cell[] {
  const { settings, epochs, result, configurationDigest } = trial;
  const code = (digest: string): Cell => ({ text: shortDigest(digest), code: true });
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  return [
    ...[String(trial.trial), String(trial.cell)],
    ...names.map((name) => {
      const value = settings.get(name);
      return value === undefined ? absent : valueText(value);
    }),
    ...[String(trial.seed), trial.state, String(epochs.length)],
    ...metrics.map((metric) => metricText(metricOf(trial, metric), metric)),
    ...[durationText(seconds), result === undefined ? absent : countText(result.examplesPerSecond)],
    ...[trainersText(epochs), String(trial.attempts), code(result?.weightsDigest ?? ''), code(configurationDigest)],
    trial.reason,
  ];
}
