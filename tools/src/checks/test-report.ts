import type { Counts } from './check.ts';

/** What a test run found, and the full names of the tests that it skipped. */
export interface TestReport extends Counts {
  readonly skippedTests: readonly string[];
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

/**
 * Reads vitest's JSON report.
 *
 * A file that could not even be loaded has no tests; it counts as one failure, so that it cannot pass unseen. A
 * test marked todo counts as skipped.
 */
export function parseTestReport(text: string): TestReport {
  const report = JSON.parse(text) as JestReport;
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((result) => result.status !== 'failed'),
  );
  const skippedTests = report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status !== 'passed' && status !== 'failed')
    .map(({ fullName }) => fullName.trim());
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: skippedTests.length,
    skippedTests,
  };
}
