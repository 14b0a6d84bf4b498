/** What each parameter of a study does to a figure: curves over numbers, bars over names. */
import type { Parameter } from '@weft/tuning';
import { axisChart } from '../charts/axis-chart.ts';
import { barChart } from '../charts/bar-chart.ts';
import type { Figure } from '../document/block.ts';
import type { ReferenceTable } from '../input/reference-table.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import { estimateOf, exceptionsOf } from '../results/cell-estimate.ts';
import { hasSettings, type StudyCell } from '../results/cells.ts';
import { absent, estimateText, valueText } from '../results/figure-text.ts';
import { limits, thinned } from '../results/limits.ts';
import { metricMeasure, objectiveMeasure, type Measure } from '../results/measure.ts';
import { parameterAxis, positionOn, type ParameterAxis } from '../results/parameter-axis.ts';
import { ranked } from '../results/ranking.ts';

/** One figure for each parameter and each metric that matters: those of the reference tables, else the objective. */
export function axisFigures(study: ReportedStudy, cells: readonly StudyCell[]): Figure[] {
  const tables = study.references;
  const pictures: readonly (readonly [Measure, ReferenceTable | undefined])[] =
    tables.length === 0
      ? [[objectiveMeasure(study), undefined]]
      : tables.map((table) => [metricMeasure(table.metric), table]);
  return study.space.flatMap((parameter) =>
    pictures.flatMap(([measure, table]) => {
      const axis = parameterAxis(parameter);
      const figure =
        axis.kind === 'number'
          ? overNumbers(study, cells, parameter, axis, measure, table)
          : overNames(study, cells, parameter, measure, table);
      return figure === undefined ? [] : [figure];
    }),
  );
}

function overNumbers(
  study: ReportedStudy,
  cells: readonly StudyCell[],
  parameter: Parameter,
  axis: ParameterAxis & { readonly kind: 'number' },
  measure: Measure,
  table: ReferenceTable | undefined,
): Figure | undefined {
  const alone = study.space.length === 1;
  const dots = ranked(cells, measure).flatMap(({ settings, trials }) => {
    const at = positionOn(axis, settings.get(parameter.name));
    return trials.flatMap((trial) => {
      const value = measure.of(trial);
      return at === undefined || value === undefined ? [] : [[at, value] as const];
    });
  });
  if (new Set(dots.map(([at]) => at)).size < 2) return undefined;
  const means = cells.flatMap(({ settings, trials }) => {
    const at = positionOn(axis, settings.get(parameter.name));
    const estimate = estimateOf(trials, measure);
    return at === undefined || estimate === undefined ? [] : [{ at, ...estimate }];
  });
  const shown = thinned(dots, limits.dots);
  const drawing = axisChart({
    ...{ parameter: parameter.name, figure: measure.name, logarithmic: axis.logarithmic, trials: shown },
    means: alone && means.length <= limits.dots ? means.sort((a, b) => a.at - b.at) : [],
    others: alone && table !== undefined ? othersOver(parameter, axis, table) : [],
  });
  const left = dots.length - shown.length;
  return {
    caption:
      `${measure.name} over ${parameter.name}${alone ? intervalRemark(means) : ', one dot a trial'}` +
      (left > 0 ? `; ${String(left)} of ${String(dots.length)} trials are not drawn` : ''),
    drawings: [drawing],
  };
}

function intervalRemark(means: readonly { readonly halfWidth: number | undefined }[]): string {
  return means.some(({ halfWidth }) => halfWidth !== undefined)
    ? '; bars are 95 % intervals of the mean over seeds'
    : '';
}

function othersOver(
  { name }: Parameter,
  axis: ParameterAxis,
  { sources, rows }: ReferenceTable,
): { readonly name: string; readonly points: readonly (readonly [number, number])[] }[] {
  return sources.map((source, at) => ({
    name: source,
    points: rows.flatMap(({ settings, values }) => {
      const [x, y] = [positionOn(axis, settings.get(name)), values[at]];
      return x === undefined || y === undefined ? [] : [[x, y] as const];
    }),
  }));
}

function overNames(
  study: ReportedStudy,
  cells: readonly StudyCell[],
  parameter: Parameter,
  measure: Measure,
  table: ReferenceTable | undefined,
): Figure | undefined {
  const alone = study.space.length === 1;
  const { name } = parameter;
  const values = parameter.kind === 'categorical' ? parameter.choices : [];
  const bars = values.slice(0, limits.cellRows).map((choice) => {
    const wanted = new Map([[name, choice]]);
    const trials = cells.flatMap((cell) => (hasSettings(cell.settings, wanted) ? cell.trials : []));
    const estimate = estimateOf(trials, measure);
    const row = table?.rows.find(({ settings }) => settings.get(name) === choice);
    return {
      ...{ name: valueText(choice), value: estimate?.mean, halfWidth: estimate?.halfWidth },
      text: estimate === undefined ? exceptionsOf(trials) || absent : estimateText(estimate, measure.metric),
      marks: alone ? (row?.values ?? []) : [],
    };
  });
  if (bars.length < 2) return undefined;
  const over = alone ? 'over seeds' : 'over all trials that have it';
  return {
    caption: `${measure.name} by ${name}; the mean ${over}${intervals(bars)}`,
    drawings: [
      barChart({
        ...{ figure: measure.name, label: `${measure.name} by ${name}`, bars },
        others: alone ? (table?.sources ?? []) : [],
      }),
    ],
  };
}

function intervals(bars: readonly { readonly halfWidth: number | undefined }[]): string {
  return bars.some(({ halfWidth }) => halfWidth !== undefined) ? ' with its 95 % interval' : '';
}
