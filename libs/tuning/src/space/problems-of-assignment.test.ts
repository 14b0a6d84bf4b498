import { expect, test } from 'vitest';
import { spaces } from '../samplers/contract/spaces.fixture.ts';
import { activeParameters } from './active-parameters.ts';
import type { ParameterValue } from './parameter.ts';
import { problemsOfAssignment } from './problems-of-assignment.ts';

const space = spaces['conditional parameters'] ?? [];
const adam: [string, ParameterValue][] = [
  ['optimizer', 'adam'],
  ['learning_rate', 0.1],
];
const sgd: [string, ParameterValue][] = [
  ['optimizer', 'sgd'],
  ['learning_rate', 0.1],
  ['momentum', 0.9],
  ['nesterov', false],
];

test.each<[string, [string, ParameterValue][], string[]]>([
  ['a cell', adam, []],
  ['a cell with conditional parameters', sgd, []],
  ['a name of no parameter', [...adam, ['width', 3]], ['"width" is no parameter of the space']],
  [
    'a value that does not count',
    [...adam, ['momentum', 0.9]],
    ['"momentum" has the value 0.9, but does not count here'],
  ],
  ['values that are missing', sgd.slice(0, 2), ['"momentum" has no value', '"nesterov" has no value']],
  [
    'a value out of range',
    [
      ['optimizer', 'adam'],
      ['learning_rate', 2],
    ],
    ['"learning_rate" cannot be 2'],
  ],
  ['nothing', [], ['"optimizer" has no value', '"learning_rate" has no value']],
])('%s', (_, entries, problems) => {
  expect(problemsOfAssignment(space, new Map(entries))).toEqual(problems);
});

test('what counts follows from the values, through conditions of conditions', () => {
  const names = (entries: [string, ParameterValue][]): string[] =>
    activeParameters(space, new Map(entries)).map(({ name }) => name);
  expect(names(adam)).toEqual(['optimizer', 'learning_rate']);
  expect(names(sgd)).toEqual(['optimizer', 'learning_rate', 'momentum', 'nesterov']);
  expect(names([...sgd.slice(0, 3), ['nesterov', true]])).toContain('lookahead');
});
