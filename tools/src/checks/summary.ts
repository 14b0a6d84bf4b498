import { total, type CheckOutcome, type Counts } from './check.ts';

/** The table at the end of a run: a line for each check, its notes indented below it. */
export function summaryTable(outcomes: readonly CheckOutcome[]): string {
  const width = Math.max(5, ...outcomes.map(({ name }) => name.length));
  const row = (name: string, ...cells: readonly string[]): string =>
    [name.padEnd(width), ...cells.map((cell) => cell.padStart(8))].join(' ');
  return [
    row('check', 'passed', 'failed', 'skipped', 'seconds'),
    ...outcomes.flatMap(({ name, passed, failed, skipped, seconds, notes }) => [
      row(name, String(passed), String(failed), String(skipped), seconds.toFixed(1)),
      ...notes.map((note) => `  ${note}`),
    ]),
  ].join('\n');
}

/** The last line of a run; programs read it, so its form is fixed. */
export function totalsLine(outcomes: readonly Counts[]): string {
  const { passed, failed, skipped } = total(outcomes);
  return `${String(passed)} passed, ${String(failed)} failed, ${String(skipped)} skipped`;
}
