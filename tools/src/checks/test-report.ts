import type { Counts } from './check.ts';

/** What a test run found, with the full names of the tests that a reader must see. */
export interface TestReport extends Counts {
  readonly failedTests: readonly string[];
  readonly skippedTests: readonly string[];
}

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
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
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  const namesWhere = (holds: (status: string) => boolean): string[] =>
    tests.filter(({ status }) => holds(status)).map(({ fullName }) => fullName.trim());
  const skippedTests = namesWhere((status) => status !== 'passed' && status !== 'failed');
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded.length,
    skipped: skippedTests.length,
    failedTests: [...namesWhere((status) => status === 'failed'), ...unloaded.map(({ name }) => name)],
    skippedTests,
  };
}
