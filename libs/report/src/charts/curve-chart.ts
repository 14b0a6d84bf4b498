/**
 * A figure over epochs, training and validation, of one run or of several with different seeds.
 *
 * The two kinds of curves differ in dash and marker too: colour alone says nothing.
 */
import { bottomAxis, leftAxis, topLegend } from './axes.ts';
import { draw } from './drawing.ts';
import { ink } from './ink.ts';

/** One figure of each epoch, from epoch 1. A value that is not finite leaves a gap. */
export interface Curve {
  readonly training: readonly number[];
  readonly validation: readonly number[];
}

export interface CurveChart {
  /** `loss`, `accuracy`. */
  readonly figure: string;
  readonly curves: readonly Curve[];
  /** Ends of the vertical axis; undefined: as the values need it. */
  readonly range?: readonly [number, number] | undefined;
  /** The last epoch on the axis, for figures that are to be compared; undefined: the last that there is. */
  readonly epochs?: number | undefined;
  /** Half as large, to stand beside others. */
  readonly small?: boolean;
}

/** The chart as an `<svg>` element for a page that defines the variables. */
export function curveChart({ figure, curves, range, epochs: last = 1, small = false }: CurveChart): string {
  const epochs = Math.max(
    last,
    ...curves.map(({ training, validation }) => Math.max(training.length, validation.length)),
  );
  const [min, max] = range ?? [];
  return draw({
    ...(small ? { width: 270, height: 196 } : { width: 460, height: 280 }),
    ...{ label: `${figure} of training and validation over epochs` },
    option: {
      grid: small ? { left: 40, right: 12, top: 42, bottom: 40 } : { left: 52, right: 16, top: 40, bottom: 44 },
      legend: { ...topLegend(['training', 'validation']), ...(small ? { itemWidth: 28, itemGap: 10 } : {}) },
      xAxis: {
        ...{ type: 'category', data: Array.from({ length: epochs }, (_, at) => String(at + 1)) },
        ...{ boundaryGap: epochs === 1, ...bottomAxis('epoch') },
      },
      yAxis: { type: 'value', scale: true, min, max, ...leftAxis(figure, small ? 32 : 34) },
      series: curves.flatMap(({ training, validation }) => [
        line('training', training, curves.length),
        line('validation', validation, curves.length),
      ]),
    },
  });
}

function line(name: 'training' | 'validation', values: readonly number[], of: number): object {
  const color = ink(name);
  const symbol = name === 'training' ? 'circle' : 'diamond';
  return {
    ...{ type: 'line', name, symbol, symbolSize: symbol === 'diamond' ? 9 : 6, silent: true },
    ...{ showSymbol: values.length <= 20, showAllSymbol: true },
    data: values.map((value) => (Number.isFinite(value) ? value : null)),
    lineStyle: { color, width: of === 1 ? 2 : 1.3, type: name === 'training' ? 'solid' : [6, 4] },
    itemStyle: { color, borderColor: ink('surface'), borderWidth: 1 },
  };
}
