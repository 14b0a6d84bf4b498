/** How axes and legends look in all charts. */
import { ink } from './ink.ts';

/** Text of a chart; the page sets its size and face where these are the page's own. */
export const chartText: { readonly color: string; readonly fontSize: number; readonly fontFamily: string } = {
  ...{ color: ink('soft'), fontSize: 12, fontFamily: 'inherit' },
};

const line = { lineStyle: { color: ink('rule') } } as const;

/** An axis along the bottom, named below its middle. */
export function bottomAxis(name: string): Record<string, unknown> {
  return {
    ...{ name, nameLocation: 'middle', nameGap: 28, nameTextStyle: chartText, axisLabel: chartText },
    ...{ axisTick: { show: false }, axisLine: line, splitLine: { show: false } },
  };
}

/** An axis along the left, named above its end; `indent` moves the name to the left, over the numbers. */
export function leftAxis(name: string, indent = 34): Record<string, unknown> {
  return {
    ...{ name, nameTextStyle: { ...chartText, align: 'left', padding: [0, 0, 0, -indent] } },
    ...{ axisLabel: chartText, splitLine: line, axisLine: { show: false }, axisTick: { show: false } },
  };
}

/** The legend in the upper right corner. Its symbols show dash and marker. */
export function topLegend(names: readonly string[]): Record<string, unknown> {
  return {
    ...{ data: names, top: 0, right: 12, itemWidth: 36, itemGap: 20 },
    ...{ textStyle: chartText, inactiveColor: ink('soft'), selectedMode: false },
  };
}
