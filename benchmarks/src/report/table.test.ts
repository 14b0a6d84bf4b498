import { expect, test } from 'vitest';
import { markdownTable, rateText, ratioText, spreadText } from './table.ts';

test('columns are as wide as their widest cell, numbers to the right', () => {
  expect(
    markdownTable(
      ['model', 'ex/s'],
      [
        ['initial-nn', '830 000'],
        ['vgg16', '114'],
      ],
    ),
  ).toBe(
    [
      '| model      |    ex/s |',
      '| ---------- | ------: |',
      '| initial-nn | 830 000 |',
      '| vgg16      |     114 |',
    ].join('\n'),
  );
});

test.each([
  [830_012.4, '830 012'],
  [5_800, '5 800'],
  [114.4, '114'],
  [2.345, '2.35'],
])('%d examples a second read %s', (rate, text) => {
  expect(rateText(rate)).toBe(text);
});

test('a spread shows its range where there was more than one round, and a dash where there was none', () => {
  expect(spreadText({ median: 20, min: 10, max: 30, rounds: [20, 10, 30] })).toBe('20.0 (10.0 - 30.0)');
  expect(spreadText({ median: 1.5, min: 1.5, max: 1.5, rounds: [1.5] }, ratioText)).toBe('1.50');
  expect(spreadText(undefined)).toBe('-');
});
