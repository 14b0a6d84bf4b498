import { expect, test } from 'vitest';
import { formatCount, formatFraction, formatLoss, formatSeconds } from './format.ts';
import { table } from './table.ts';

test.each([
  [0, '0'],
  [999.5, '1,000'],
  [1234567, '1,234,567'],
  [-4321, '-4,321'],
  [Number.NaN, 'NaN'],
])('the count %d reads %s', (value, text) => {
  expect(formatCount(value)).toBe(text);
});

test.each([
  [0.51234, '0.5123'],
  [12.3456, '12.35'],
  [123.456, '123.5'],
  [4.1e12, '4.1e+12'],
  [Number.POSITIVE_INFINITY, 'Infinity'],
])('the loss %d reads %s', (value, text) => {
  expect(formatLoss(value)).toBe(text);
});

test.each([
  [0.04, '0.0 s'],
  [59.94, '59.9 s'],
  [60, '1:00'],
  [3599.6, '1:00:00'],
  [7384, '2:03:04'],
  [Number.NaN, '-'],
])('%d seconds read %s', (value, text) => {
  expect(formatSeconds(value)).toBe(text);
});

test('a fraction has four decimals', () => {
  expect(formatFraction(0.8)).toBe('0.8000');
});

test('a table aligns its columns and ends no line with a blank', () => {
  const columns = [{ title: 'run' }, { title: 'epochs', align: 'right' } as const, { title: 'note' }];
  expect(
    table(columns, [
      ['a', '1/5', ''],
      ['a-long-name', '10/10', 'x'],
    ]),
  ).toEqual([
    'run          epochs  note',
    '-----------  ------  ----',
    'a               1/5',
    'a-long-name   10/10  x',
  ]);
});
