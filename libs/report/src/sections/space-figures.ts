/** Pictures of a study that varies more than one parameter, or that looks for a best cell: parallel axes, importance, history. */
import { barChart } from '../charts/bar-chart.ts';
import { historyChart } from '../charts/history-chart.ts';
import { parallelChart, type ParallelAxis } from '../charts/parallel-chart.ts';
import type { Figure } from '../document/block.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import { estimateOf } from '../results/cell-estimate.ts';
import type { StudyCell } from '../results/cells.ts';
import { shareText } from '../results/figure-text.ts';
import { limits, thinned } from '../results/limits.ts';
import type { Measure } from '../results/measure.ts';
import { parameterAxis, positionOn } from '../results/parameter-axis.ts';
import { ranked } from '../results/ranking.ts';

/** From this many cells on, how the search went is worth a figure. */
const historyCells = 20;

/** The figures that `study` has enough cells and parameters for. */
export function spaceFigures(study: ReportedStudy, cells: readonly StudyCell[], measure: Measure): Figure[] {
  return [
    ...(study.space.length > 1 ? parallelFigure(study, cells, measure) : []),
    ...(study.importance.length > 0 ? [importanceFigure(study)] : []),
    ...(cells.length >= historyCells ? historyFigure(study, measure) : []),
  ];
}

function parallelFigure(study: ReportedStudy, cells: readonly StudyCell[], measure: Measure): Figure[] {
  const valued = ranked(cells, measure).filter(({ trials }) => estimateOf(trials, measure) !== undefined);
  if (valued.length < 2) return [];
  const shown = thinned(valued, limits.lines);
  const scales = study.space.map((parameter) => ({ parameter, axis: parameterAxis(parameter) }));
  const axes = scales.map(({ parameter: { name }, axis }): ParallelAxis =>
    axis.kind === 'category' ? { name, categories: axis.names } : { name, logarithmic: axis.logarithmic },
  );
  const lines = shown.map(({ settings, trials }, at) => ({
    values: [
      ...scales.map(({ parameter, axis }) => positionOn(axis, settings.get(parameter.name))),
      estimateOf(trials, measure)?.mean,
    ],
    rank: 1 - at / (shown.length - 1),
  }));
  const left = valued.length - shown.length;
  const rest = left > 0 ? `; ${String(left)} of ${String(valued.length)} cells are not drawn` : '';
  return [
    {
      caption: `Each line is a cell: its settings, and its ${measure.name} at the right. Better cells are thicker and stand out${rest}`,
      drawings: [parallelChart([...axes, { name: measure.name }], lines.reverse())],
      wide: true,
    },
  ];
}

function importanceFigure({ importance, objective }: ReportedStudy): Figure {
  const bars = [...importance]
    .sort((a, b) => b.share - a.share || (a.parameter < b.parameter ? -1 : 1))
    .map(({ parameter, share }) => ({
      ...{ name: parameter, value: 100 * share, halfWidth: undefined, text: shareText(share), marks: [] },
    }));
  return {
    caption: `Importance: the share of the spread of ${objective.metric.replace('-', ' ')} that each parameter explains by itself`,
    drawings: [barChart({ figure: 'share, %', label: 'importance of parameters', bars, others: [] })],
  };
}

function historyFigure(study: ReportedStudy, measure: Measure): Figure[] {
  const points = study.trials.flatMap((trial) => {
    const value = measure.of(trial);
    return value === undefined ? [] : [[trial.trial, value] as const];
  });
  const [first] = points;
  const last = points.at(-1);
  if (first === undefined || last === undefined || points.length < 2) return [];
  const best: (readonly [number, number])[] = [first];
  for (const point of points) {
    const so = best.at(-1) ?? first;
    if (measure.maximize ? point[1] > so[1] : point[1] < so[1]) best.push(point);
  }
  best.push([last[0], best.at(-1)?.[1] ?? last[1]]);
  return [
    {
      caption: `How the search went: ${measure.name} of complete trials in the order of their numbers, and the best so far`,
      drawings: [historyChart({ figure: measure.name, trials: thinned(points, limits.dots), best })],
    },
  ];
}
