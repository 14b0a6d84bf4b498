/** How a study went: the objective of each trial in the order of their numbers, and the best so far. */
import { bottomAxis, leftAxis, topLegend } from './axes.ts';
import { draw } from './drawing.ts';
import { ink } from './ink.ts';

export interface History {
  readonly figure: string;
  /** Pairs of trial and objective. */
  readonly trials: readonly (readonly [number, number])[];
  /** Pairs of trial and best objective up to it, where it changes. */
  readonly best: readonly (readonly [number, number])[];
}

/** The chart as an `<svg>` element. */
export function historyChart({ figure, trials, best }: History): string {
  return draw({
    ...{ width: 560, height: 320, label: `${figure} of each trial in order, and the best so far` },
    option: {
      grid: { left: 56, right: 28, top: 44, bottom: 46 },
      legend: topLegend(['trial', 'best so far']),
      xAxis: { type: 'value', scale: true, minInterval: 1, ...bottomAxis('trial') },
      yAxis: { type: 'value', scale: true, ...leftAxis(figure, 40) },
      series: [
        {
          ...{ type: 'scatter', name: 'trial', silent: true, symbolSize: 5, data: trials },
          itemStyle: { color: 'none', borderColor: ink('soft'), borderWidth: 1 },
        },
        {
          ...{ type: 'line', name: 'best so far', step: 'end', silent: true, symbol: 'none', data: best },
          lineStyle: { color: ink('training'), width: 2 },
          itemStyle: { color: ink('training') },
        },
      ],
    },
  });
}
