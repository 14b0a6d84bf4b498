import { expect, test } from 'vitest';
import { describeFailure, explainFailure, simulate } from './simulate.ts';

const seeds = 1000;

test(`${String(seeds)} simulated clusters come to the result of their reference, whatever goes wrong in them`, async () => {
  const failures: string[] = [];
  for (let seed = 1; seed <= seeds && failures.length < 3; seed++) {
    const { problem } = await simulate({ seed });
    if (problem !== undefined) failures.push(describeFailure(await explainFailure({ seed }, problem)));
  }
  expect(failures.join('\n')).toBe('');
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
  for (const trainers of [2, 7, 64]) {
    for (const seed of [1, 2, 3]) expect(await simulate({ seed, trainers })).toMatchObject({ problem: undefined });
  }
});
