import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isActive } from '../../space/active-parameters.ts';
import { assignmentText } from '../../space/assignment-text.ts';
import { valueAt, valueCount } from '../../space/parameter-values.ts';
import type { Assignment, SearchSpace } from '../../space/parameter.ts';
import { countableSpaces } from '../contract/spaces.fixture.ts';
import { GridCells } from './grid-cells.ts';

/** Every cell, by nested loops. */
function listed(space: SearchSpace, values: Assignment = new Map()): Assignment[] {
  const [parameter, ...later] = space;
  if (parameter === undefined) return [values];
  if (!isActive(parameter, values)) return listed(later, values);
  return Array.from({ length: valueCount(parameter) }, (_, ordinal) => valueAt(parameter, ordinal)).flatMap((value) =>
    listed(later, new Map([...values, [parameter.name, value]])),
  );
}

test('numbered cells equal those of nested loops, the last parameter fastest', () => {
  fc.assert(
    fc.property(countableSpaces, (space) => {
      const expected = listed(space);
      const cells = new GridCells(space);
      expect(cells.size).toBe(expected.length);
      expect(expected.map((_, index) => assignmentText(cells.at(index)))).toEqual(expected.map(assignmentText));
      expect(new Set(expected.map(assignmentText)).size).toBe(expected.length);
    }),
    { numRuns: 200 },
  );
});

test('a grid of more cells than could be listed is counted, and its cells are found', () => {
  const space: SearchSpace = [
    { name: 'a', kind: 'int', low: 1, high: 1_000_000, log: true },
    { name: 'b', kind: 'int', low: 1, high: 1_000_000, log: false, when: { parameter: 'a', values: [500_000, 7] } },
  ];
  const cells = new GridCells(space);
  expect(cells.size).toBe(999_998 + 2_000_000);
  expect([...cells.at(6 + 999_999).entries()]).toEqual([
    ['a', 7],
    ['b', 1_000_000],
  ]);
  expect([...cells.at(cells.size - 1).entries()]).toEqual([['a', 1_000_000]]);
});

test('a float without step makes a grid infinite, but only where it counts', () => {
  const momentum = { name: 'momentum', kind: 'float', low: 0, high: 1, log: false } as const;
  const choice = { name: 'optimizer', kind: 'categorical', choices: ['sgd', 'adam'] } as const;
  const conditional = { ...momentum, when: { parameter: 'optimizer', values: ['sgd'] } };
  expect(new GridCells([choice, conditional]).size).toBe(Number.POSITIVE_INFINITY);
  expect(new GridCells([choice, { ...conditional, step: 0.5 }]).size).toBe(4);
  expect(new GridCells([choice, { ...conditional, high: 0 }]).size).toBe(2);
});
