import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSampler } from '../samplers/create-sampler.ts';
import type { CellObservation } from '../samplers/sampler.ts';
import type { Assignment, SearchSpace } from '../space/parameter.ts';
import { parameterImportance } from './parameter-importance.ts';

/** Cells all over the space, with the loss that `loss` gives them. */
function observe(space: SearchSpace, count: number, loss: (assignment: Assignment) => number): CellObservation[] {
  const sampler = createSampler('halton');
  const history: CellObservation[] = [];
  for (let cell = 0; cell < count; cell++) {
    const proposal = sampler.propose({ space, seed: 3, cell, history });
    if (proposal.kind === 'exhausted') break;
    const { assignment } = proposal;
    history.push({ cell, assignment, state: 'complete', loss: loss(assignment) });
  }
  return history;
}

const unit = (name: string): SearchSpace[number] => ({ name, kind: 'float', low: 0, high: 1, log: false });
const number = (assignment: Assignment, name: string): number => Number(assignment.get(name) ?? 0);

const square: SearchSpace = [unit('a'), unit('b')];
const mixed: SearchSpace = [
  { name: 'rate', kind: 'float', low: 1e-4, high: 1, log: true },
  { name: 'optimizer', kind: 'categorical', choices: ['sgd', 'adam', 'nadam', 'lamb'] },
  { name: 'units', kind: 'int', low: 1, high: 8, log: false },
];

/** Variances by hand: of a uniform on [0, 1] 1/12; of a sum their sum; of a product of two E[x^2]^2 - E[x]^4. */
test.each<[string, SearchSpace, (a: Assignment) => number, Readonly<Record<string, number>>]>([
  ['a sum', square, (x) => number(x, 'a') + 2 * number(x, 'b'), { a: 1 / 5, b: 4 / 5 }],
  ['one parameter alone', square, (x) => number(x, 'a') ** 2, { a: 1, b: 0 }],
  ['a product', square, (x) => number(x, 'a') * number(x, 'b'), { a: 3 / 7, b: 3 / 7 }],
  [
    'two that matter only together',
    square,
    (x) => (number(x, 'a') < 0.5 === number(x, 'b') < 0.5 ? 1 : 0),
    { a: 0, b: 0 },
  ],
  [
    'a logarithm, a choice and an integer',
    mixed,
    // log10 is uniform on [-4, 0], variance 16/12; one of four is 3 apart, variance 9 * 3/16; 1..8 times 1/4, variance 63/12/16.
    (x) => Math.log10(number(x, 'rate')) + (x.get('optimizer') === 'adam' ? 3 : 0) + number(x, 'units') / 4,
    { rate: 0.3975, optimizer: 0.5043, units: 0.0978 },
  ],
])('shares of %s are those of its variance', (_, space, loss, shares) => {
  const importance = parameterImportance(space, observe(space, 400, loss), 1);
  for (const [name, share] of Object.entries(shares)) {
    expect(Math.abs((importance.get(name)?.share ?? Number.NaN) - share), name).toBeLessThan(0.06);
  }
});

test('a conditional parameter matters where it counts, and not as a sign of what it depends on', () => {
  const space: SearchSpace = [
    { name: 'optimizer', kind: 'categorical', choices: ['sgd', 'adam'] },
    { ...unit('momentum'), when: { parameter: 'optimizer', values: ['sgd'] } },
    { ...unit('beta'), when: { parameter: 'optimizer', values: ['adam'] } },
  ];
  const cells = observe(space, 300, (x) => (x.get('optimizer') === 'sgd' ? 2 * number(x, 'momentum') : 5));
  const importance = parameterImportance(space, cells, 1);
  // By hand: mean 3; optimizer explains 4; momentum, over both optimizers, (1/2)^2 * 4/12; the rest they explain together.
  expect(importance.get('optimizer')?.share).toBeCloseTo(4 / (4 + 1 / 6), 1);
  expect(importance.get('momentum')?.share).toBeCloseTo(1 / 12 / (4 + 1 / 6), 1);
  expect(importance.get('beta')?.share).toBeLessThan(0.005);
});

test('what decides about divergence matters; pruned, running and excused cells say nothing', () => {
  const cells = observe(square, 200, (x) => number(x, 'b') / 100).map((cell): CellObservation => {
    const a = number(cell.assignment, 'a');
    if (a > 0.5) return { cell: cell.cell, assignment: cell.assignment, state: 'diverged' };
    return a < 0.1 ? { ...cell, state: 'pruned', loss: 1e6 } : cell;
  });
  const importance = parameterImportance(square, cells, 1);
  expect(importance.get('a')?.share).toBeGreaterThan(0.3);
});

test('shares are numbers from 0, sum to at most 1, and depend on their arguments alone', () => {
  const states = fc.constantFrom('running', 'complete', 'pruned', 'diverged', 'excused');
  const outcomes = fc.array(fc.record({ state: states, loss: fc.double() }), { maxLength: 40 });
  fc.assert(
    fc.property(outcomes, fc.nat(), (results, seed) => {
      const cells = observe(mixed, results.length, () => 0).map((cell, index): CellObservation => ({
        ...cell,
        ...results[index],
      }));
      const importance = parameterImportance(mixed, cells, seed);
      const shares = [...importance.values()].map(({ share }) => share);
      expect([...importance.keys()]).toEqual(mixed.map(({ name }) => name));
      expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1 + 1e-9);
      expect(parameterImportance(mixed, cells, seed)).toEqual(importance);
    }),
    { numRuns: 30 },
  );
});
