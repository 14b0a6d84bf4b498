/**
 * A figure over epochs, training and validation, as SVG.
 *
 * Colours are drawn as placeholders and then become CSS variables, so that one drawing serves light, dark and print. The two
 * curves differ in dash and marker too: colour alone says nothing.
 */
import { init, use } from 'echarts/core';
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, LegendComponent, SVGRenderer]);

/** One figure of each epoch, from epoch 1. */
export interface Curves {
  /** `loss`, `accuracy`. */
  readonly figure: string;
  readonly training: readonly number[];
  readonly validation: readonly number[];
}

const width = 460;
const height = 280;

const variables = {
  '#0a0001': 'var(--training)',
  '#0a0002': 'var(--validation)',
  '#0a0003': 'var(--text-soft)',
  '#0a0004': 'var(--rule)',
  '#0a0005': 'var(--surface)',
} as const;

const [training, validation, text, rule, surface] = Object.keys(variables) as [string, string, string, string, string];

/** The chart as an `<svg>` element for a page that defines the variables. */
export function curveChart({ figure, ...curves }: Curves): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  const label = { color: text, fontSize: 12, fontFamily: 'inherit' };
  const epochs = curves.training.map((_, at) => String(at + 1));
  chart.setOption({
    animation: false,
    grid: { left: 52, right: 16, top: 40, bottom: 44 },
    legend: { top: 0, right: 12, itemWidth: 36, itemGap: 24, textStyle: label, inactiveColor: text },
    xAxis: {
      ...{ type: 'category', data: epochs, name: 'epoch', nameLocation: 'middle', nameGap: 28 },
      ...{ nameTextStyle: label, axisLabel: label, axisTick: { show: false } },
      ...{ boundaryGap: epochs.length === 1, axisLine: { lineStyle: { color: rule } } },
    },
    yAxis: {
      ...{
        type: 'value',
        scale: true,
        name: figure,
        nameTextStyle: { ...label, align: 'left', padding: [0, 0, 0, -34] },
      },
      ...{ axisLabel: label, splitLine: { lineStyle: { color: rule } } },
    },
    series: [
      line('training', curves.training, training, 'solid', 'circle'),
      line('validation', curves.validation, validation, [6, 4], 'diamond'),
    ],
  });
  const drawn = chart.renderToSVGString();
  chart.dispose();
  return withVariables(drawn, `${figure} of training and validation over epochs`);
}

function line(
  name: string,
  values: readonly number[],
  color: string,
  type: 'solid' | number[],
  symbol: 'circle' | 'diamond',
): object {
  return {
    ...{ type: 'line', name, symbol, symbolSize: symbol === 'diamond' ? 9 : 6, showAllSymbol: values.length <= 20 },
    // A value that is not finite leaves a gap.
    data: values.map((value) => (Number.isFinite(value) ? value : null)),
    lineStyle: { color, width: 2, type },
    itemStyle: { color, borderColor: surface, borderWidth: 1 },
  };
}

function withVariables(svg: string, title: string): string {
  let page = svg.replace(/<style\s*>[\s\S]*?<\/style>/g, '').replace(/<rect [^>]*fill="none"[^>]*><\/rect>/, '');
  for (const [placeholder, variable] of Object.entries(variables)) page = page.replaceAll(placeholder, variable);
  return page.replace('<svg ', `<svg role="img" aria-label="${title}" `);
}
