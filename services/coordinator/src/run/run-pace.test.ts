import { expect, test } from 'vitest';
import { RunPace } from './run-pace.ts';

/** What is found of steps of 10 examples that end at those times; `n trainers` regroups. */
function follow(events: readonly (readonly [atMs: number, trainers?: number])[]): {
  measured: string[];
  seconds: number;
} {
  const measured: string[] = [];
  let seconds = 0;
  const pace = new RunPace({
    measured: (worldSize, speed) => measured.push(`${String(worldSize)}: ${speed.toFixed(1)}`),
    stepped: (taken) => (seconds += taken),
  });
  for (const [atMs, trainers] of events) {
    if (trainers === undefined) pace.stepped(10, atMs);
    else pace.regrouped(trainers, atMs);
  }
  return { measured, seconds };
}

test.each<[string, (readonly [number, number?])[], string[], number]>([
  ['the first second of work does not count', [[0, 1], [1000], [1600], [1700]], ['1: 16.7'], 1.7],
  ['... but for steps that are longer', [[0, 1], [5000], [10_000]], ['1: 2.0'], 10],
  ['pauses do not count', [[0, 1], [1000], [1400], [9000, 1], [9200]], ['1: 33.3'], 1.6],
  [
    'with another number of trainers it begins anew',
    [[0, 1], [1000], [1400], [1400, 2], [2400], [2900]],
    ['2: 20.0'],
    4.4,
  ],
  ['a step takes the time of all trainers', [[0, 3], [100]], [], 0.3],
])('%s', (_, events, measured, seconds) => {
  const found = follow(events);
  expect(found.measured).toEqual(measured);
  expect(found.seconds).toBeCloseTo(seconds, 6);
});
