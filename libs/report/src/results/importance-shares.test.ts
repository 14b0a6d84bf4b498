import { expect, test } from 'vitest';
import { searchStudy } from '../reported-study.fixture.ts';
import { studyReportInput } from '../study-report.fixture.ts';
import { importanceShares } from './importance-shares.ts';

test('the parameter that decides a search has the largest share, and all together explain no more than there is', () => {
  const shares = importanceShares(searchStudy(200), 1);
  expect(shares.map(({ parameter }) => parameter)).toEqual(['optimizer', 'learning-rate', 'momentum', 'batch-size']);
  const of = (name: string): number => shares.find(({ parameter }) => parameter === name)?.share ?? NaN;
  expect(of('learning-rate')).toBeGreaterThan(of('optimizer'));
  expect(of('optimizer')).toBeGreaterThan(of('batch-size'));
  expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeLessThanOrEqual(1);
  expect(importanceShares(searchStudy(200), 1)).toEqual(shares);
});

test('one parameter, or no result, has no shares', () => {
  const [grid] = studyReportInput({ searched: 0 }).studies;
  expect(grid === undefined ? undefined : importanceShares(grid, 1)).toEqual([]);
  expect(importanceShares({ ...searchStudy(20), trials: [] }, 1)).toEqual([]);
});
