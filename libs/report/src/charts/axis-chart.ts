/** What a numeric parameter does to a figure: means with intervals as a line, single trials as dots, others' values as marks. */
import { bottomAxis, leftAxis, topLegend } from './axes.ts';
import { draw } from './drawing.ts';
import { ink } from './ink.ts';
import { otherMark } from './other-marks.ts';
import { whiskers } from './whiskers.ts';

/** A value and what was found there; `halfWidth` undefined: no interval. */
export interface AxisMean {
  readonly at: number;
  readonly mean: number;
  readonly halfWidth: number | undefined;
}

export interface MarkSeries {
  readonly name: string;
  /** Pairs of a value of the parameter and the figure there. */
  readonly points: readonly (readonly [number, number])[];
}

export interface AxisChart {
  readonly parameter: string;
  readonly figure: string;
  readonly logarithmic: boolean;
  readonly trials: readonly (readonly [number, number])[];
  /** Ascending. Joined by a line; empty where other parameters vary too, so that a line would mislead. */
  readonly means: readonly AxisMean[];
  readonly others: readonly MarkSeries[];
}

const labelled = 14;

/** The chart as an `<svg>` element. */
export function axisChart({ parameter, figure, logarithmic, trials, means, others }: AxisChart): string {
  const oneEach = means.length === trials.length;
  const names = [
    ...(means.length > 0 ? ['mean'] : []),
    ...(oneEach ? [] : ['trial']),
    ...others.map(({ name }) => name),
  ];
  const ours = oneEach ? ['ours', ...others.map(({ name }) => name)] : names;
  return draw({
    ...{ width: 560, height: 320, label: `${figure} over ${parameter}` },
    option: {
      grid: { left: 56, right: 28, top: 44, bottom: 46 },
      ...(ours.length > 1 ? { legend: { ...topLegend(ours), itemWidth: 18, itemHeight: 12 } } : {}),
      xAxis: {
        ...{ type: logarithmic ? 'log' : 'value', scale: true },
        ...bottomAxis(logarithmic ? `${parameter} (logarithmic)` : parameter),
        axisLabel: { color: ink('soft'), fontSize: 12, fontFamily: 'inherit', hideOverlap: true, formatter: tick },
      },
      yAxis: { type: 'value', scale: true, ...leftAxis(figure, 40) },
      series: [
        ...(oneEach ? [] : [dots(trials, means.length > 0)]),
        ...(means.length > 0 ? [meanLine(means, oneEach ? 'ours' : 'mean')] : []),
        whiskers(
          means.flatMap(({ at, mean, halfWidth }) =>
            halfWidth === undefined ? [] : [{ at, low: mean - halfWidth, high: mean + halfWidth }],
          ),
          'y',
        ),
        ...others.map(({ name, points }, at) => marks(name, points, at)),
      ],
    },
  });
}

function tick(value: number): string {
  return Math.abs(value) >= 1e6 || (value !== 0 && Math.abs(value) < 1e-4) ? value.toExponential(0) : String(value);
}

function dots(points: AxisChart['trials'], behind: boolean): object {
  return {
    ...{ type: 'scatter', name: 'trial', silent: true, data: points, symbolSize: behind ? 5 : 7 },
    itemStyle: behind
      ? { color: 'none', borderColor: ink('soft'), borderWidth: 1 }
      : { color: ink('training'), opacity: 0.7 },
  };
}

function meanLine(means: readonly AxisMean[], name: string): object {
  return {
    ...{ type: 'line', name, silent: true, symbol: 'circle', symbolSize: 7, showAllSymbol: true, z: 4 },
    data: means.map(({ at, mean }) => [at, mean]),
    lineStyle: { color: ink('training'), width: 2 },
    itemStyle: { color: ink('training') },
    label: {
      ...{ show: means.length <= labelled, position: 'top', distance: 8, color: ink('text'), fontFamily: 'inherit' },
      ...{ fontSize: 11, formatter: ({ value }: { value: [number, number] }) => value[1].toPrecision(3) },
    },
    labelLayout: { hideOverlap: true },
  };
}

function marks(name: string, points: MarkSeries['points'], at: number): object {
  const { symbol, color } = otherMark(at);
  return {
    ...{ type: 'scatter', name, silent: true, symbol, symbolSize: 11, symbolKeepAspect: true, data: points, z: 6 },
    itemStyle: { color: 'none', borderColor: color, borderWidth: 1.8 },
  };
}
