import { createSampler, problemsOfAssignment, problemsOfSpace, type SamplerName } from '@weft/tuning';
import { expect, test } from 'vitest';
import { median } from '../report/statistics.ts';
import { knownFunctions, observed } from './known-functions.ts';
import { searchedLoss } from './search.ts';

const minima: Record<string, Record<string, number | string>[]> = {
  branin: [
    { x: -Math.PI, y: 12.275 },
    { x: Math.PI, y: 2.275 },
    { x: 9.42478, y: 2.475 },
  ],
  'hartmann-6': [{ x0: 0.20169, x1: 0.150011, x2: 0.476874, x3: 0.275332, x4: 0.311652, x5: 0.6573 }],
  'learning-rate': [{ optimizer: 'adam', learning_rate: 10 ** -2.8, units: 256, dropout: 0.3 }],
};

const seeds = Array.from({ length: 12 }, (_, seed) => seed);

test.each(knownFunctions)('$name has its least value where it is known to be', (known) => {
  expect(problemsOfSpace(known.space)).toEqual([]);
  for (const minimum of minima[known.name] ?? []) {
    const assignment = new Map(Object.entries(minimum));
    expect(problemsOfAssignment(known.space, assignment)).toEqual([]);
    expect(known.loss(assignment)).toBeCloseTo(known.least, 5);
  }
  const random = createSampler('random');
  for (let cell = 0; cell < 300; cell++) {
    const proposal = random.propose({ space: known.space, seed: 1, cell, history: [] });
    if (proposal.kind === 'cell') expect(known.loss(proposal.assignment)).toBeGreaterThanOrEqual(known.least);
  }
});

test('noise is of the size that it says, and the same each time', () => {
  const known = knownFunctions.find(({ noise }) => noise > 0) ?? knownFunctions[0];
  if (known === undefined) throw new Error('there are functions');
  const assignment = new Map(Object.entries(minima[known.name]?.[0] ?? {}));
  const seen = Array.from({ length: 400 }, (_, seed) => observed(known, assignment, seed) - known.least);
  expect(observed(known, assignment, 7)).toBe(observed(known, assignment, 7));
  expect(Math.sqrt(seen.reduce((sum, noise) => sum + noise * noise, 0) / seen.length)).toBeCloseTo(known.noise, 2.5);
});

test.each(knownFunctions.flatMap((known) => [1, 4].map((parallel) => ({ known, parallel, title: known.name }))))(
  '$title, $parallel at a time: TPE and CMA-ES end lower than random',
  ({ known, parallel }) => {
    const medianOf = (name: SamplerName): number =>
      median(seeds.map((seed) => searchedLoss(createSampler(name), known, { seed, budget: 80, parallel })));
    const random = medianOf('random');
    expect(medianOf('tpe')).toBeLessThan(random);
    expect(medianOf('cmaes')).toBeLessThan(random);
  },
);
