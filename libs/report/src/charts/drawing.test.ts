import { expect, test } from 'vitest';
import { axisChart } from './axis-chart.ts';
import { barChart } from './bar-chart.ts';
import { curveChart } from './curve-chart.ts';
import { parallelChart } from './parallel-chart.ts';

const hostile = '</svg><b a="#0a0010">&';

test.each<[string, () => string]>([
  ['curves', () => curveChart({ figure: hostile, curves: [{ training: [1, NaN, 3], validation: [Infinity, 2, 1] }] })],
  [
    'an axis',
    () =>
      axisChart({
        ...{
          parameter: hostile,
          figure: hostile,
          logarithmic: true,
          trials: [
            [0.1, 1],
            [0.1, 2],
            [1, 3],
          ],
        },
        means: [
          { at: 0.1, mean: 1.5, halfWidth: 6.4 },
          { at: 1, mean: 3, halfWidth: undefined },
        ],
        others: [{ name: hostile, points: [[1, 2]] }],
      }),
  ],
  [
    'bars',
    () =>
      barChart({
        ...{ figure: hostile, label: hostile, others: [hostile] },
        bars: [
          { name: hostile, value: 0.5, halfWidth: 0.1, text: hostile, marks: [0.4] },
          { name: 'b', value: undefined, halfWidth: undefined, text: '3 diverged', marks: [undefined] },
        ],
      }),
  ],
  [
    'parallel axes',
    () =>
      parallelChart(
        [{ name: hostile, categories: [hostile, 'b'] }, { name: 'rate', logarithmic: true }, { name: 'accuracy' }],
        [
          { values: [0, 0.1, 0.5], rank: 0 },
          { values: [1, undefined, 0.9], rank: 1 },
        ],
      ),
  ],
])('%s: one element without ids, classes, styles and gaps, the same each time, whatever the names', (_, drawn) => {
  const svg = drawn();
  expect(svg).toMatch(/^<svg role="img" aria-label="[^"<]*" style="max-width:\d+px"[\s\S]*<\/svg>$/);
  expect(svg.match(/<svg|<\/svg>/g)).toHaveLength(2);
  expect(svg).not.toMatch(/<b |<style|<defs| id=| class=|NaN|Infinity|undefined/);
  expect(svg).not.toMatch(/="#0a00/);
  expect(drawn()).toBe(svg);
});

test('intervals are drawn with caps, and the axis has room for them', () => {
  const chart = (halfWidth: number | undefined): string =>
    barChart({
      ...{ figure: 'accuracy', label: 'accuracy', others: [] },
      bars: [{ name: 'a', value: 0.5, halfWidth, text: '0.5', marks: [] }],
    });
  const strokes = (svg: string): number => (svg.match(/stroke="var\(--text\)"/g) ?? []).length;
  expect(strokes(chart(0.1))).toBeGreaterThan(strokes(chart(undefined)));
  expect(chart(3)).toContain('>4<');
});
