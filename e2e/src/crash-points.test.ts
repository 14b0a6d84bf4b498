/** A coordinator killed at moments spread over all its writes, syncs and renames goes on to the same digest; `npm run crash` tries all. */
import { expect, onTestFinished, test } from 'vitest';
import { CrashBench, tracingProblem } from './crash/crash-bench.ts';
import { crashPoints, describePoint, sampled } from './crash/crash-point.ts';

const problem = tracingProblem();
const remark = problem === undefined ? '' : ` (skipped: ${problem})`;

test.skipIf(problem !== undefined)(
  `a coordinator killed between two operations on its files goes on to the same digest${remark}`,
  async () => {
    const bench = await CrashBench.open();
    onTestFinished(() => bench.end());
    const points = crashPoints(await bench.reference());
    const torn = points.filter((point) => point.torn !== null);
    const whole = points.filter((point) => point.torn === null);
    expect(torn.length).toBeGreaterThan(20);
    for (const point of [...sampled(whole, 5), ...sampled(torn, 3)]) {
      const { outcome, remark: what } = await bench.crash(point);
      expect(['equal', 'not reached'], `${describePoint(point)}: ${what}`).toContain(outcome);
    }
  },
);
