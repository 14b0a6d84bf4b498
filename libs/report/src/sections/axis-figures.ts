/** What each parameter of a study does to its objective: curves over numbers, bars over names. */
import type { Parameter } from '@weft/tuning';
import { axisChart } from '../charts/axis-chart.ts';
import { barChart, type Bar } from '../charts/bar-chart.ts';
import type { Figure } from '../document/block.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import { estimateOf, exceptionsOf } from '../results/cell-estimate.ts';
import type { StudyCell } from '../results/cells.ts';
import { absent, countText, estimateText, valueText } from '../results/figure-text.ts';
import { limits, thinned } from '../results/limits.ts';
import type { Measure } from '../results/measure.ts';
import { parameterAxis, positionOn } from '../results/parameter-axis.ts';
import { ranked } from '../results/ranking.ts';

/** One figure for each parameter that has at least two values with a result. */
export function axisFigures(study: ReportedStudy, cells: readonly StudyCell[], measure: Measure): Figure[] {
  const order = ranked(cells, measure);
  return study.space.flatMap((parameter) => {
    const numeric = parameterAxis(parameter).kind === 'number';
    return (numeric ? overNumbers : overNames)(study, order, parameter, measure);
  });
}

function overNumbers(
  { space, trials }: ReportedStudy,
  order: readonly StudyCell[],
  parameter: Parameter,
  measure: Measure,
): Figure[] {
  const alone = space.length === 1;
  const axis = parameterAxis(parameter);
  const placed = order.flatMap((cell) => {
    const at = positionOn(axis, cell.settings.get(parameter.name));
    const interval = estimateOf(cell.trials, measure);
    return at === undefined || interval === undefined ? [] : [{ at, cell, interval }];
  });
  if (new Set(placed.map(({ at }) => at)).size < 2) return [];
  const dots = placed.flatMap(({ at, cell }) =>
    cell.trials
      .map((trial) => measure.of(trial))
      .flatMap((value) => (value === undefined ? [] : [[at, value] as const])),
  );
  const shown = thinned(dots, limits.dots);
  const means = alone && placed.length <= limits.dots ? placed.map(({ at, interval }) => ({ at, ...interval })) : [];
  const drawing = axisChart({
    ...{ parameter: parameter.name, figure: measure.name, trials: shown, others: [] },
    logarithmic: axis.kind === 'number' && axis.logarithmic,
    means: means.sort((a, b) => a.at - b.at),
  });
  const left = trials.length - shown.length;
  const notes = [
    `${measure.name} over ${parameter.name}`,
    ...(alone ? intervalNote(means) : ['a dot for each complete trial that has it']),
    ...(left > 0 ? [`${countText(left)} of ${countText(trials.length)} trials are not drawn`] : []),
  ];
  return [{ caption: notes.join('; '), drawings: [drawing] }];
}

function overNames(
  { space }: ReportedStudy,
  order: readonly StudyCell[],
  parameter: Parameter,
  measure: Measure,
): Figure[] {
  const alone = space.length === 1;
  const choices = parameter.kind === 'categorical' ? parameter.choices.slice(0, limits.cellRows) : [];
  if (choices.length < 2) return [];
  const bars = choices.map((choice): Bar => {
    const having = order.filter(({ settings }) => settings.get(parameter.name) === choice);
    // The best one: where other parameters vary too, the mean over all would say what was tried, not what can be had.
    const trials = having[0]?.trials ?? [];
    const interval = estimateOf(trials, measure);
    const text = interval === undefined ? exceptionsOf(trials) || absent : estimateText(interval, measure.metric);
    return {
      ...{ name: valueText(choice), value: interval?.mean, halfWidth: interval?.halfWidth, marks: [] },
      text: alone || interval === undefined ? text : `${text} of ${countText(having.length)}`,
    };
  });
  const label = `${measure.name} by ${parameter.name}`;
  const what = alone ? 'the mean over seeds' : 'the best cell of those that have it, and how many those are';
  return [
    {
      caption: [label, what, ...intervalNote(bars)].join('; '),
      drawings: [barChart({ figure: measure.name, label, bars, others: [] })],
    },
  ];
}

function intervalNote(items: readonly { readonly halfWidth: number | undefined }[]): string[] {
  const has = items.some(({ halfWidth }) => halfWidth !== undefined);
  return has ? ['lines with caps are 95 % intervals of the mean over seeds'] : [];
}
