import type { Parameter } from '@weft/tuning';
import { expect, test } from 'vitest';
import { parameterAxis, positionOn, type ParameterAxis } from './parameter-axis.ts';

const float = { kind: 'float', name: 'a', log: false } as const;

test.each<[string, Parameter, ParameterAxis]>([
  [
    'names are categories',
    { kind: 'categorical', name: 'a', choices: ['x', true] },
    { kind: 'category', names: ['x', 'true'] },
  ],
  [
    'numbers far apart are logarithmic',
    { kind: 'categorical', name: 'a', choices: [54_000, 32] },
    { kind: 'number', logarithmic: true },
  ],
  [
    'numbers close together are even',
    { kind: 'categorical', name: 'a', choices: [32, 64] },
    { kind: 'number', logarithmic: false },
  ],
  [
    'a number among names is a name',
    { kind: 'categorical', name: 'a', choices: [1, 'x'] },
    { kind: 'category', names: ['1', 'x'] },
  ],
  ['a range that says so', { ...float, low: 1, high: 2, log: true }, { kind: 'number', logarithmic: true }],
  ['a range from zero has no logarithm', { ...float, low: 0, high: 100 }, { kind: 'number', logarithmic: false }],
])('%s', (_, parameter, axis) => {
  expect(parameterAxis(parameter)).toEqual(axis);
});

test('values that do not count, or are of another kind, have no place', () => {
  const names = { kind: 'category', names: ['x', 'y'] } as const;
  const numbers = { kind: 'number', logarithmic: false } as const;
  expect([positionOn(names, 'y'), positionOn(names, 'z'), positionOn(names, undefined)]).toEqual([
    1,
    undefined,
    undefined,
  ]);
  expect([positionOn(numbers, 3), positionOn(numbers, 'x')]).toEqual([3, undefined]);
});
