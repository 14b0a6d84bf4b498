/**
 * Cells of a study as lines across its parameters, to the objective at the right. Better ones are darker (lighter on dark), thicker
 * and on top.
 */
import { chartText } from './axes.ts';
import { draw } from './drawing.ts';
import { ink, scaleInks } from './ink.ts';

export interface ParallelAxis {
  readonly name: string;
  /** For categories: their names from bottom to top; values are positions among them. */
  readonly categories?: readonly string[];
  readonly logarithmic?: boolean;
}

export interface ParallelLine {
  /** One for each axis; undefined where the parameter does not count. */
  readonly values: readonly (number | undefined)[];
  /** 0 for the worst of those drawn, 1 for the best. */
  readonly rank: number;
}

/** The chart as an `<svg>` element; `lines` are drawn in order. */
export function parallelChart(axes: readonly ParallelAxis[], lines: readonly ParallelLine[]): string {
  const text = { ...chartText, color: ink('text') };
  return draw({
    ...{
      width: 1050,
      height: 380,
      label: `settings and results of ${String(lines.length)} cells as lines across axes`,
    },
    option: {
      parallel: { left: 60, right: 100, top: 48, bottom: 24 },
      parallelAxis: axes.map(({ name, categories, logarithmic }, dim) => ({
        ...{ dim, name, nameGap: 20, nameTextStyle: text, silent: true, scale: true },
        type: categories !== undefined ? 'category' : logarithmic === true ? 'log' : 'value',
        ...(categories === undefined ? {} : { data: categories }),
        ...{
          axisLabel: { ...text, hideOverlap: true, textBorderColor: ink('surface'), textBorderWidth: 3 },
          axisTick: { show: false },
        },
        axisLine: { lineStyle: { color: ink('soft') } },
      })),
      series: {
        ...{ type: 'parallel', silent: true, lineStyle: { width: 1 } },
        data: lines.map(({ values, rank }) => {
          const step = Math.min(4, Math.floor(rank * 5));
          const color = ink(scaleInks[step] ?? 'scale1');
          return {
            value: values.map((value) => value ?? '-'),
            lineStyle: { color, width: 1 + step * 0.35, opacity: 0.9 },
          };
        }),
      },
    },
  });
}
