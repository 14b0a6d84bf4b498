import type { Assignment } from '@weft/tuning';
import type { ReportedStudy } from '../input/reported-study.ts';
import type { ReportedTrial } from '../input/reported-trial.ts';
import { valueText } from './figure-text.ts';

/** The trials of one cell of a study, one for each seed, in the order of their numbers. */
export interface StudyCell {
  readonly cell: number;
  readonly settings: Assignment;
  /** What sets it apart: `0.01` where one parameter varies, `optimizer adam, batch-size 64` where several do, else its study. */
  readonly label: string;
  readonly trials: readonly ReportedTrial[];
}

/** The cells of `study`, ascending. */
export function cellsOf({ title, trials, space }: ReportedStudy): StudyCell[] {
  const groups = new Map<number, ReportedTrial[]>();
  for (const trial of trials) {
    const group = groups.get(trial.cell);
    if (group === undefined) groups.set(trial.cell, [trial]);
    else group.push(trial);
  }
  return [...groups]
    .sort(([a], [b]) => a - b)
    .map(([cell, group]) => {
      const settings: Assignment = group[0]?.settings ?? new Map();
      return { cell, settings, trials: group, label: labelOf(settings, space.length) || title };
    });
}

/** The settings of a cell in short. */
export function labelOf(settings: Assignment, parameters: number): string {
  const entries = [...settings];
  if (parameters === 1) return entries.map(([, value]) => valueText(value)).join('');
  return entries.map(([name, value]) => `${name} ${valueText(value)}`).join(', ');
}
