import { expect, it } from 'vitest';
import { summaryTable, totalsLine } from './summary.ts';

const outcomes = [
  { name: 'lint', passed: 1, failed: 0, skipped: 0, seconds: 12.34, notes: [] },
  { name: 'unit', passed: 120, failed: 2, skipped: 1, seconds: 9, notes: ['skipped: no GPU'] },
];

it('puts one check on a line and its notes below it', () => {
  expect(summaryTable(outcomes).split('\n')).toEqual([
    'check   passed   failed  skipped  seconds',
    'lint         1        0        0     12.3',
    'unit       120        2        1      9.0',
    '  skipped: no GPU',
  ]);
});

it('ends with totals that a program can read', () => {
  expect(totalsLine(outcomes)).toBe('121 passed, 2 failed, 1 skipped');
  expect(totalsLine([])).toBe('0 passed, 0 failed, 0 skipped');
});
