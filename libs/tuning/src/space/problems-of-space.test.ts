import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countableSpaces, spaces } from '../samplers/contract/spaces.fixture.ts';
import type { Parameter, SearchSpace } from './parameter.ts';
import { problemsOfSpace } from './problems-of-space.ts';

const float = { name: 'rate', kind: 'float', low: 0.1, high: 1, log: false } as const;
const int = { name: 'units', kind: 'int', low: 1, high: 9, log: false } as const;
const choice = { name: 'optimizer', kind: 'categorical', choices: ['sgd', 'adam'] } as const;
const when = (parameter: string, ...values: (string | number | boolean)[]): Parameter => ({
  ...{ name: 'momentum', kind: 'float', low: 0, high: 1, log: false },
  when: { parameter, values },
});

test('spaces that can be searched have no problems', () => {
  for (const space of [
    ...Object.values(spaces),
    [],
    [int, when('units', 9)],
    [{ ...float, step: 0.4 }, when('rate', 0.5)],
  ])
    expect(problemsOfSpace(space)).toEqual([]);
  fc.assert(fc.property(countableSpaces, (space) => problemsOfSpace(space).length === 0));
});

test.each<[SearchSpace, string]>([
  [[float, { ...int, name: 'rate' }], '"rate" is the name of two parameters; names must differ'],
  [[{ ...float, name: ' ' }], 'parameter 1 has no name'],
  [[{ ...float, low: Number.NaN }], '"rate" has low NaN, which is no finite number'],
  [[{ ...int, high: 1.5 }], '"units" has high 1.5, which is no integer'],
  [[{ ...int, high: 2 ** 60 }], '"units" has high 1152921504606847000, which is no integer'],
  [[{ ...float, low: 2 }], '"rate" has low 2 above its high 1'],
  [[{ ...float, low: -1.5e308, high: 1.5e308 }], '"rate" has a range that is too wide for a number'],
  [[{ ...float, low: 0, log: true }], '"rate" has low 0; with log it must be above 0'],
  [[{ ...int, log: true, step: 2 }], '"units" has both log and step 2; it can have one of them'],
  [[{ ...float, step: 0 }], '"rate" has step 0; it must be a positive finite number'],
  [[{ ...int, step: 0.5 }], '"units" has step 0.5; it must be a positive integer'],
  [[{ ...float, step: 2 }], '"rate" has step 2, which is wider than its range 0.1 to 1'],
  [[{ ...choice, choices: [] }], '"optimizer" has no choices; it needs at least one'],
  [[{ ...choice, choices: ['a', 1, 'a'] }], '"optimizer" has the choice "a" twice; choices must differ'],
  [[{ ...choice, choices: [Number.NaN] }], '"optimizer" has the choice NaN, which is no finite number'],
  [
    [when('optimizer', 'sgd')],
    '"momentum" counts only where "optimizer" has a value, which is no parameter of the space',
  ],
  [
    [when('optimizer', 'sgd'), choice],
    '"momentum" counts only where "optimizer" has a value, which does not come before it',
  ],
  [[when('momentum', 1)], '"momentum" counts only where "momentum" has a value, which does not come before it'],
  [
    [float, when('rate', 0.5)],
    '"momentum" depends on a value of "rate", a float without step; it needs a parameter whose values can be counted',
  ],
  [[choice, when('optimizer')], '"momentum" counts for no value of "optimizer"; name at least one'],
  [[choice, when('optimizer', 'lion')], '"momentum" counts where "optimizer" is "lion", a value that it cannot have'],
  [[int, when('units', '9')], '"momentum" counts where "units" is "9", a value that it cannot have'],
  [[choice, when('optimizer', 'sgd', 'sgd')], '"momentum" names the value "sgd" of "optimizer" twice'],
])('%j', (space, problem) => {
  expect(problemsOfSpace(space)).toEqual([problem]);
});

test('all problems are told together, in the order of the space', () => {
  const space = [{ ...float, low: 0, log: true, step: -1 }, choice, when('optimizer', 'lion', 'sgd', 'sgd')];
  expect(problemsOfSpace(space)).toHaveLength(5);
});
