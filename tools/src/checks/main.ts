// `./weft test [CHECK...]`: runs the checks in turn, all of them where none is named, and ends with one line of totals.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { allChecks } from './check-list.ts';
import type { CheckOutcome } from './check.ts';
import { protoBaseline } from './proto-baseline.ts';
import { runCheck } from './run-check.ts';
import { summaryTable, totalsLine } from './summary.ts';

const root = join(import.meta.dirname, '../../..');
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const environment = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };
const checks = allChecks(protoBaseline(root));
const names = process.argv.slice(2);
const unknown = names.filter((name) => !checks.some((check) => check.name === name));

const known = checks.map(({ name, holds }) => `  ${name.padEnd(12)}${holds}`).join('\n');

if (names.includes('--help')) {
  print(`./weft test [CHECK...] runs every check, or those that are named:\n${known}`);
} else if (unknown.length > 0) {
  print(`No check is named ${unknown.join(', ')}. The checks are:\n${known}`);
  process.exitCode = 2;
} else {
  process.exitCode = await runAll();
}

/** Returns the exit status: 0 where nothing failed, 1 where something did, 130 where the run was interrupted. */
async function runAll(): Promise<number> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  mkdirSync(join(root, '.weft'), { recursive: true });
  const outcomes: CheckOutcome[] = [];
  for (const check of checks.filter(({ name }) => names.length === 0 || names.includes(name))) {
    print(`\n${check.name}: ${check.holds}`);
    const options = { root, environment, signal: interruption.signal };
    const outcome = await runCheck(check, options, print);
    if (interruption.signal.aborted) {
      print(`interrupted in ${check.name}; the checks after it did not run`);
      return 130;
    }
    outcomes.push(outcome);
    print(`${outcome.failed === 0 ? 'ok' : 'FAILED'} ${check.name} (${outcome.seconds.toFixed(1)} s)`);
  }
  print(`\n${summaryTable(outcomes)}\n`);
  print(totalsLine(outcomes));
  return outcomes.some(({ failed }) => failed > 0) ? 1 : 0;
}
