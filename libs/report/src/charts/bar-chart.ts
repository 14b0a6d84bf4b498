/** Figures of named things as bars from zero, with intervals, the figures themselves, and others' values as marks. */
import { bottomAxis, chartText, topLegend } from './axes.ts';
import { draw } from './drawing.ts';
import { ink } from './ink.ts';
import { otherMark } from './other-marks.ts';
import { whiskers } from './whiskers.ts';

export interface Bar {
  readonly name: string;
  /** Undefined: nothing is drawn, and `text` says why. */
  readonly value: number | undefined;
  /** Undefined: no interval. */
  readonly halfWidth: number | undefined;
  /** Stands to the right: `0.8568 ± 0.0031`. */
  readonly text: string;
  /** One for each of `others`. */
  readonly marks: readonly (number | undefined)[];
}

export interface BarChart {
  readonly figure: string;
  readonly label: string;
  /** From top to bottom. */
  readonly bars: readonly Bar[];
  readonly others: readonly string[];
  readonly width?: number;
}

const barPitch = 28;

/** The chart as an `<svg>` element, as high as it has bars. */
export function barChart({ figure, label, bars, others, width = 560 }: BarChart): string {
  const legend = others.length > 0;
  const top = legend ? 30 : 8;
  const axis = { type: 'category', inverse: true, axisTick: { show: false }, axisLine: { show: false } } as const;
  const wrapped = { ...chartText, color: ink('text'), width: 148, overflow: 'truncate' } as const;
  return draw({
    ...{ width, height: top + barPitch * bars.length + 46, label },
    option: {
      grid: { left: 190, right: 124, top, bottom: 46 },
      ...(legend ? { legend: { ...topLegend(['ours', ...others]), itemWidth: 18, itemHeight: 12 } } : {}),
      xAxis: {
        ...{ type: 'value', ...bottomAxis(figure) },
        splitLine: { show: true, lineStyle: { color: ink('rule') } },
      },
      yAxis: [
        { ...axis, data: bars.map(({ name }) => name), axisLabel: { ...wrapped, interval: 0 } },
        { ...axis, position: 'right', data: bars.map(({ text }) => text), axisLabel: { ...wrapped, interval: 0 } },
      ],
      series: [
        {
          ...{ type: 'bar', name: 'ours', silent: true, barWidth: 14, itemStyle: { color: ink('training') } },
          data: bars.map(({ value }) => value ?? null),
        },
        whiskers(
          bars.flatMap(({ value, halfWidth }, at) =>
            value === undefined || halfWidth === undefined
              ? []
              : [{ at, low: value - halfWidth, high: value + halfWidth }],
          ),
          'x',
        ),
        ...others.map((name, at) => ({
          ...{ type: 'scatter', name, silent: true, z: 6, symbolSize: 11, symbolKeepAspect: true },
          symbol: otherMark(at).symbol,
          itemStyle: { color: ink('surface'), borderColor: otherMark(at).color, borderWidth: 1.8 },
          data: bars.flatMap(({ marks }, row) => {
            const value = marks[at];
            return value === undefined ? [] : [[value, row]];
          }),
        })),
        // The axis on the right is drawn only where something uses it.
        { type: 'scatter', yAxisIndex: 1, data: [] },
      ],
    },
  });
}
