import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Parameter } from '../../space/parameter.ts';
import type { CellObservation } from '../sampler.ts';
import { firstSearch, membersOf, nextSearch, type Search } from './generations.ts';
import { SearchFold } from './search-fold.ts';

const numbers: Parameter[] = ['x', 'y'].map((name) => ({ name, kind: 'float', low: 0, high: 1, log: false }));
const start = { seed: 1, stepSize: 0.2, population: 4 };

/** Folds everything from the beginning. */
function foldedAnew(history: readonly CellObservation[], seed: number): Search {
  let search = firstSearch(2, { ...start, seed });
  let members = membersOf(numbers, history);
  while (members.length >= search.distribution.population) {
    const { population } = search.distribution;
    search = nextSearch(search, members.slice(0, population), { ...start, seed });
    members = members.slice(population);
  }
  return { ...search, ended: members.length };
}

const unit = fc.double({ min: 0, max: 1, noNaN: true });
const cells = fc.array(
  fc.record({
    ...{ x: unit, y: unit, late: fc.nat(9), loss: fc.double({ noNaN: false }) },
    state: fc.constantFrom('complete', 'complete', 'complete', 'pruned', 'diverged', 'excused'),
  }),
  { minLength: 1, maxLength: 120 },
);

test('what is kept of earlier folds never shows, whichever cells end late and whichever study asks', () => {
  fc.assert(
    fc.property(cells, (ends) => {
      const fold = new SearchFold();
      const assignments = ends.map(({ x, y }) => new Map(Object.entries({ x, y })));
      for (let now = 0; now < ends.length + 10; now += 3) {
        const history = ends.slice(0, now).map(({ late, loss, state }, cell): CellObservation => {
          // Mostly the same object, as of a study that goes on; sometimes an equal one, as of a study that was read again.
          const assignment = now % 4 === 0 ? new Map(assignments[cell]) : (assignments[cell] ?? new Map());
          return cell + late >= now ? { cell, assignment, state: 'running' } : { cell, assignment, state, loss };
        });
        const seed = now % 7 === 0 ? 2 : 1;
        expect(fold.after(numbers, history, { ...start, seed })).toEqual(foldedAnew(history, seed));
      }
    }),
    { numRuns: 40 },
  );
});

test('where the distribution has shrunk to a point, the search begins anew with twice the population', () => {
  const history = Array.from({ length: 400 }, (_, cell): CellObservation => {
    const assignment = new Map(Object.entries({ x: 0.25, y: 0.75 }));
    return { cell, assignment, state: 'complete', loss: cell };
  });
  const search = new SearchFold().after(numbers, history, start);
  expect(search.restarts).toBeGreaterThan(0);
  expect(search.distribution.population).toBe(4 * 2 ** search.restarts);
});

test('a generation that diverged as a whole moves nothing', () => {
  const history = Array.from({ length: 4 }, (_, cell): CellObservation => {
    return { cell, assignment: new Map(Object.entries({ x: 0.1, y: 0.9 })), state: 'diverged' };
  });
  expect(new SearchFold().after(numbers, history, start)).toEqual(firstSearch(2, start));
});
