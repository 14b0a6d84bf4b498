/** One thing that must hold before a change is good: a command, and how its verdict is counted. */
export interface Check {
  readonly name: string;
  /** What the check holds, for people. */
  readonly holds: string;
  /** Program and arguments, looked up in the workspace's own binaries first. */
  readonly command: readonly [string, ...string[]];
  /** `tests`: each test counts and output is shown as it comes; `verdict`: the exit status counts as one. */
  readonly counts: 'tests' | 'verdict';
  /** Set where the check cannot run here: says why. */
  readonly skipped?: string;
}

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface CheckOutcome extends Counts {
  readonly name: string;
  readonly seconds: number;
  /** Lines that a reader of the summary must see: why something was skipped, what ended early. */
  readonly notes: readonly string[];
}

/** Adds up the counts of all outcomes. */
export function total(outcomes: readonly Counts[]): Counts {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of outcomes) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}
