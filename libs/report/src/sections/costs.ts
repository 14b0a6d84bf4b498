/** What it took: time, trainers, and how much of that was useful. */
import type { Cell, Column, Section, TableBlock } from '../document/block.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import type { ReportedTrial } from '../input/reported-trial.ts';
import { cellsOf } from '../results/cells.ts';
import { absent, countText, durationText, shareText } from '../results/figure-text.ts';
import { limits } from '../results/limits.ts';
import { objectiveMeasure } from '../results/measure.ts';
import { ranked } from '../results/ranking.ts';
import { trainersText } from '../results/trainers-text.ts';

/** The section of that. */
export function costs(studies: readonly ReportedStudy[]): Section {
  const blocks = [studyTable(studies), ...studies.map(cellTable)];
  return { id: 'costs', title: 'Throughput and cost', blocks };
}

const number = (name: string): Column => ({ name, kind: 'number' });

function studyTable(studies: readonly ReportedStudy[]): TableBlock {
  return {
    kind: 'table',
    caption:
      'Cost of each study. Trainer time is trainers times the seconds that they were at its disposal; useful is what went into steps ' +
      'whose results count, lost into steps computed again or not counted.',
    columns: [
      { name: 'study', kind: 'head' },
      ...['makespan', 'trainer time', 'useful', 'lost', 'examples', 'examples/s'].map(number),
    ],
    rows: studies.map(({ title, costs: { makespanSeconds, trainerSeconds, usefulSeconds, lostSeconds, examples } }) => [
      ...[title, durationText(makespanSeconds), durationText(trainerSeconds)],
      ...[shareText(usefulSeconds / trainerSeconds), shareText(lostSeconds / trainerSeconds), countText(examples)],
      countText(examples / makespanSeconds),
    ]),
  };
}

function cellTable(study: ReportedStudy): TableBlock {
  const cells = cellsOf(study);
  const few = cells.length <= limits.cellRows;
  const shown = few ? cells : ranked(cells, objectiveMeasure(study)).slice(0, limits.cellRows);
  return {
    kind: 'table',
    caption:
      `${study.title}: training time by cell, mean over its epochs and seeds; evaluation and checkpoints are left out.` +
      (few ? '' : ` The best ${countText(shown.length)} of ${countText(cells.length)} cells.`),
    columns: [
      { name: 'cell', kind: 'head' },
      ...['seconds an epoch', 'examples/s', 'trainers', 'attempts'].map(number),
    ],
    rows: shown.map(({ label, trials }) => [label, ...speedOf(trials)]),
  };
}

function speedOf(trials: readonly ReportedTrial[]): Cell[] {
  const epochs = trials.flatMap((trial) => trial.epochs);
  const attempts = trials.reduce((sum, trial) => sum + trial.attempts, 0);
  if (epochs.length === 0) return [absent, absent, absent, countText(attempts)];
  const seconds = epochs.reduce((sum, epoch) => sum + epoch.seconds, 0);
  const examples = epochs.reduce((sum, epoch) => sum + epoch.examplesPerSecond * epoch.seconds, 0);
  const perEpoch = durationText(seconds / epochs.length);
  return [perEpoch, countText(examples / seconds), trainersText(epochs), countText(attempts)];
}
