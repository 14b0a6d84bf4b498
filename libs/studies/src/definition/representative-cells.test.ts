import { expect, test } from 'vitest';
import { representativeCells } from './representative-cells.ts';
import { describeAssignment } from './describe-assignment.ts';

test('every combination of choices appears with both ends of the ranges that count there', () => {
  const cells = representativeCells([
    { kind: 'categorical', name: 'optimizer', choices: ['sgd', 'adam'] },
    {
      kind: 'float',
      name: 'momentum',
      low: 0,
      high: 0.9,
      log: false,
      when: { parameter: 'optimizer', values: ['sgd'] },
    },
    { kind: 'categorical', name: 'batch-size', choices: [32, 64] },
  ]);
  expect(cells.map(describeAssignment).sort()).toEqual([
    'optimizer adam, batch-size 32',
    'optimizer adam, batch-size 64',
    'optimizer sgd, momentum 0, batch-size 32',
    'optimizer sgd, momentum 0, batch-size 64',
    'optimizer sgd, momentum 0.9, batch-size 32',
    'optimizer sgd, momentum 0.9, batch-size 64',
  ]);
});

test('where there are too many combinations each choice appears once', () => {
  const choices = Array.from({ length: 20 }, (_, index) => index);
  const cells = representativeCells(
    ['a', 'b', 'c', 'd'].map((name) => ({ kind: 'categorical' as const, name, choices })),
  );
  expect(cells.length).toBe(77);
  expect(describeAssignment(new Map())).toBe('the only cell');
});
