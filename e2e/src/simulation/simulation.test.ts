import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { describeFailure, explainFailure, simulate } from './simulate.ts';

const seeds = 1000;
const program = fileURLToPath(new URL('./main.ts', import.meta.url));

/** Simulates `count` seeds in another process, as `weft sim` does, and gives what it writes: failures, and at the end their number. */
async function simulateElsewhere(from: number, count: number): Promise<string> {
  const argv = ['--disable-warning=ExperimentalWarning', program, JSON.stringify({ from, seeds: count, trace: false })];
  return promisify(execFile)(process.execPath, argv, { timeout: 170_000 }).then(
    ({ stdout }) => stdout,
    (failed: unknown) => (failed instanceof Error && 'stdout' in failed ? String(failed.stdout) : String(failed)),
  );
}

test(`${String(seeds)} simulated clusters come to the result of their reference, whatever goes wrong in them`, async () => {
  const half = seeds / 2;
  const elsewhere = simulateElsewhere(half + 1, half);
  const failures: string[] = [];
  for (let seed = 1; seed <= half && failures.length < 3; seed++) {
    const { problem } = await simulate({ seed });
    if (problem !== undefined) failures.push(describeFailure(await explainFailure({ seed }, problem)));
  }
  expect(failures.join('\n')).toBe('');
  expect(await elsewhere).toMatch(new RegExp(`^${String(half)} simulations, 0 failed: `));
});

test('a seed gives the same trace each time, whatever was simulated before', async () => {
  const digests = async (order: readonly number[]): Promise<Map<number, string>> => {
    const found = new Map<number, string>();
    for (const seed of order) found.set(seed, (await simulate({ seed })).traceDigest);
    return found;
  };
  const order = [3, 14, 15, 92, 65, 35];
  const forth = await digests(order);
  const back = await digests(order.toReversed());
  expect([...back].toReversed()).toEqual([...forth]);
  expect(new Set(forth.values()).size).toBe(order.length);
});

test('2, 7 and 64 trainers end with the same bits', async () => {
  for (const seed of [1, 2, 3]) {
    for (const trainers of seed === 1 ? [2, 7, 64] : [2, 7]) {
      expect(await simulate({ seed, trainers })).toMatchObject({ problem: undefined });
    }
  }
});
