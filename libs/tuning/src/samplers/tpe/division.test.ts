import { expect, test } from 'vitest';
import type { Parameter } from '../../space/parameter.ts';
import type { CellObservation } from '../sampler.ts';
import { ageWeights } from './age-weights.ts';
import { divide } from './good-and-other.ts';
import { parameterGroups } from './parameter-groups.ts';

const ended = (...ends: (number | CellObservation['state'])[]): CellObservation[] =>
  ends.map((end, cell) => ({
    ...{ cell, assignment: new Map() },
    ...(typeof end === 'number'
      ? { state: 'complete', loss: end }
      : end === 'pruned'
        ? { state: end, loss: 0 }
        : { state: end }),
  }));
const numbers = (cells: readonly CellObservation[]): number[] => cells.map(({ cell }) => cell);

test.each<[string, CellObservation[], number, number, number[], number[]]>([
  ['the best share', ended(5, 3, 4, 1, 2), 0.4, 25, [3, 4], [0, 1, 2]],
  ['a part of a cell counts as one', ended(5, 3, 4), 0.1, 25, [1], [0, 2]],
  ['no more than the most', ended(5, 3, 4, 1, 2), 1, 2, [3, 4], [0, 1, 2]],
  ['the earlier of equals', ended(1, 1, 1, 1), 0.5, 25, [0, 1], [2, 3]],
  ['pruned after complete, whatever their loss', ended(3, 'pruned', 2), 0.6, 25, [2, 0], [1]],
  [
    'diverged never, even if nothing else is there',
    ended('diverged', Number.NaN, Number.NEGATIVE_INFINITY),
    1,
    25,
    [],
    [0, 1, 2],
  ],
  ['running are others, excused are neither', ended(2, 'running', 'excused', 1), 0.5, 25, [3], [0, 1]],
  ['nothing of nothing', [], 0.5, 25, [], []],
])('%s', (_, cells, share, most, good, others) => {
  const division = divide(cells, share, most);
  expect(numbers(division.good)).toEqual(good);
  expect(numbers(division.others)).toEqual(others);
});

test('the last 25 count fully, those before less the older they are', () => {
  expect(ageWeights(25)).toEqual(Array.from({ length: 25 }, () => 1));
  const weights = ageWeights(29);
  expect(weights.slice(4)).toEqual(Array.from({ length: 25 }, () => 1));
  expect(weights.slice(0, 4).map((weight) => weight.toFixed(4))).toEqual(
    [0, 1, 2, 3].map((age) => (1 / 29 + (age / 3) * (28 / 29)).toFixed(4)),
  );
  expect(ageWeights(26)).toHaveLength(26);
  expect(ageWeights(0)).toEqual([]);
});

test('parameters with the same condition are a group, whatever the order of its values', () => {
  const parameter = (name: string, ...values: string[]): Parameter => ({
    ...{ name, kind: 'int', low: 1, high: 3, log: false },
    ...(values.length === 0 ? {} : { when: { parameter: 'a', values } }),
  });
  const space = [
    parameter('a'),
    parameter('b', 'x', 'y'),
    parameter('c'),
    parameter('d', 'y', 'x'),
    parameter('e', 'x'),
  ];
  expect(parameterGroups(space).map((group) => group.map(({ name }) => name))).toEqual([['a', 'c'], ['b', 'd'], ['e']]);
});
