import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { reportPath } from './check-list.ts';
import type { Check, CheckOutcome } from './check.ts';
import { runCommand, type CommandOptions } from './run-command.ts';
import { parseTestReport } from './test-report.ts';

/** Runs one check and counts what it found; `print` gets what a reader needs now (the output of a failure). */
export async function runCheck(
  check: Check,
  options: Omit<CommandOptions, 'show'>,
  print: (text: string) => void,
): Promise<CheckOutcome> {
  const { name, skipped } = check;
  if (skipped !== undefined) {
    return { name, passed: 0, failed: 0, skipped: 1, seconds: 0, notes: [`skipped: ${skipped}`] };
  }
  if (check.counts === 'tests') return runTests(check, options);
  const { status, output, seconds } = await runCommand(check.command, { ...options, show: false });
  const passed = status === 0;
  if (!passed) print(output.trimEnd());
  return { name, passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, seconds, notes: [] };
}

async function runTests({ name, command }: Check, options: Omit<CommandOptions, 'show'>): Promise<CheckOutcome> {
  const path = join(options.root, reportPath(name));
  rmSync(path, { force: true });
  const { status, seconds } = await runCommand(command, { ...options, show: true });
  if (!existsSync(path)) {
    const ended = status === undefined ? 'a signal' : `status ${String(status)}`;
    return { name, passed: 0, failed: 1, skipped: 0, seconds, notes: [`the test runner left no report (${ended})`] };
  }
  const { passed, failed, skipped, failedTests, skippedTests } = parseTestReport(readFileSync(path, 'utf8'));
  const notes = [...failedTests.map((test) => `failed: ${test}`), ...skippedTests.map((test) => `skipped: ${test}`)];
  // A runner can fail with every test green: an unhandled rejection, a setup file.
  const unexplained = status !== 0 && failed === 0;
  if (unexplained) notes.push('the test runner failed outside of any test');
  return { name, passed, failed: failed + (unexplained ? 1 : 0), skipped, seconds, notes };
}
