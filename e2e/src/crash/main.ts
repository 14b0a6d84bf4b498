/**
 * Kills a coordinator before every operation that it does on its files during a small run, and after the last one, tears what was not
 * synced, starts it again, and compares the run's result with that of an undisturbed one. README.md says what the table means.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { CrashBench, tracingProblem, type CrashOutcome } from './crash-bench.ts';
import { crashPoints, describePoint, sampled, type CrashPoint } from './crash-point.ts';

const { values } = parseArgs({
  options: {
    /** How many points, spread evenly; all unless given. */
    points: { type: 'string' },
    /** Minutes after which no further point is begun. */
    minutes: { type: 'string', default: '60' },
    output: { type: 'string' },
  },
});
const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};
const problem = tracingProblem();
if (problem !== undefined) throw new Error(problem);

const { stdout: head } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' });
const revision = head.trim();
const date = new Date().toISOString();
const limitMs = performance.now() + Number(values.minutes) * 60_000;
const bench = await CrashBench.open();
const rows: CrashOutcome[] = [];
let order: readonly CrashPoint[] = [];
try {
  const points = crashPoints(await bench.reference());
  order = points;
  say(`${String(points.length)} points`);
  const chosen = sampled(points, values.points === undefined ? points.length : Number(values.points));
  for (const point of spread(chosen)) {
    if (performance.now() > limitMs) break;
    const row = await bench.crash(point);
    rows.push(row);
    say(`${String(rows.length)}: ${describePoint(point)}: ${row.outcome} ${row.remark} (${String(row.seconds)} s)`);
  }
} finally {
  await bench.end();
}
const counts = Object.fromEntries(
  (['equal', 'not reached', 'different', 'failed'] as const).map((outcome) => [
    outcome,
    rows.filter((row) => row.outcome === outcome).length,
  ]),
);
const path = values.output ?? join(import.meta.dirname, `../../../benchmarks/results/crash-${date.slice(0, 10)}.json`);
await mkdir(dirname(path), { recursive: true });
rows.sort((a, b) => order.indexOf(a.point) - order.indexOf(b.point));
const table = rows.map(({ point, outcome, remark, seconds }) => ({
  ...{ point: describePoint(point), outcome, remark, seconds },
}));
const result = { benchmark: 'crash', date, node: process.version, revision, points: order.length, counts, rows: table };
await writeFile(path, `${JSON.stringify(result, undefined, 1)}\n`);
say(`${JSON.stringify(counts)}, written to ${path}`);
if ((counts['different'] ?? 0) + (counts['failed'] ?? 0) > 0) process.exitCode = 1;

/** All of them, so that the first ones are spread over the whole, should time run out. */
function spread(points: readonly CrashPoint[]): CrashPoint[] {
  return [0, 4, 2, 6, 1, 5, 3, 7].flatMap((phase) => points.filter((_, index) => index % 8 === phase));
}
