import { expect, test } from 'vitest';
import type { Assignment, SearchSpace } from '../space/parameter.ts';
import { freshCell } from './fresh-cell.ts';
import type { CellObservation, ProposalRequest } from './sampler.ts';

const space: SearchSpace = [
  { name: 'a', kind: 'int', low: 0, high: 3, log: false },
  { name: 'b', kind: 'float', low: 0, high: 1, log: false, when: { parameter: 'a', values: [3] } },
];
const countable = space.slice(0, 1);
const draw = (a: number) => ({ assignment: new Map([['a', a]]), reason: `drawn ${String(a)}` });
const request = (of: SearchSpace, ...proposed: Assignment[]): ProposalRequest => ({
  ...{ space: of, seed: 1, cell: proposed.length },
  history: proposed.map((assignment, cell): CellObservation => ({ cell, assignment, state: 'excused' })),
});
const cells = (...values: number[]): Assignment[] => values.map((a) => new Map([['a', a]]));

test('a draw that is new is taken, and so is the first of later ones', () => {
  expect(freshCell(request(countable, ...cells(0, 1)), () => draw(2))).toEqual({ kind: 'cell', ...draw(2) });
  expect(freshCell(request(countable, ...cells(0, 1)), (attempt) => draw(attempt), 4)).toEqual({
    kind: 'cell',
    ...draw(2),
  });
});

test('a sampler that only repeats itself is given what is left, then nothing', () => {
  const left = freshCell(request(countable, ...cells(0, 1, 3)), () => draw(1), 4);
  expect(left).toMatchObject({ kind: 'cell', assignment: new Map([['a', 2]]) });
  expect(left.reason).toMatch(/^the sampler repeats a cell: /);
  expect(freshCell(request(countable, ...cells(0, 1, 2, 3)), () => draw(1))).toEqual({
    kind: 'exhausted',
    reason: 'all 4 cells of the space were proposed',
  });
});

test('the last of many cells is found, however unlikely it is', () => {
  const wide: SearchSpace = [{ name: 'a', kind: 'int', low: 1, high: 5000, log: true }];
  const others = Array.from({ length: 5000 }, (_, at) => at + 1).filter((a) => a !== 4711);
  expect(freshCell(request(wide, ...cells(...others)), () => draw(1))).toMatchObject({
    assignment: new Map([['a', 4711]]),
    reason: 'the sampler repeats a cell: the next of the grid that is new',
  });
});

test('a cell in which a float without step counts is always new', () => {
  const again = { assignment: new Map([...cells(3), new Map([['b', 0.5]])].flatMap((part) => [...part])), reason: '' };
  expect(freshCell(request(space, again.assignment), () => again)).toEqual({ kind: 'cell', ...again });
});
