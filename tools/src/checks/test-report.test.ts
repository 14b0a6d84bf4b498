import { expect, it } from 'vitest';
import { parseTestReport } from './test-report.ts';

const test = (status: string, fullName: string) => ({ status, fullName });
const report = (testResults: unknown[], passed: number, failed: number): string =>
  JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults });

it('counts tests and names the failed and the skipped ones, todo included', () => {
  const results = [test('passed', 'a'), test('failed', 'b'), test('pending', 'engine absent: c'), test('todo', ' d')];
  const found = parseTestReport(report([{ status: 'failed', assertionResults: results }], 1, 1));
  expect(found).toEqual({
    ...{ passed: 1, failed: 1, skipped: 2 },
    failedTests: ['b'],
    skippedTests: ['engine absent: c', 'd'],
  });
});

it('counts a file that could not be loaded as a failure', () => {
  const found = parseTestReport(report([{ name: 'a.test.ts', status: 'failed', assertionResults: [] }], 0, 0));
  expect(found).toMatchObject({ failed: 1, failedTests: ['a.test.ts'] });
});

it('finds nothing in an empty run', () => {
  expect(parseTestReport(report([], 0, 0))).toEqual({
    passed: 0,
    failed: 0,
    skipped: 0,
    failedTests: [],
    skippedTests: [],
  });
});
