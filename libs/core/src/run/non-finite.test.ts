import { expect, test } from 'vitest';
import { describeNonFinite, variableAt } from './non-finite.ts';

const variables = [
  { name: 'conv/kernel', length: 6 },
  { name: 'conv/bias', length: 2 },
  { name: 'dense/kernel', length: 1 },
];

test.each([
  [0, 'conv/kernel'],
  [5, 'conv/kernel'],
  [6, 'conv/bias'],
  [8, 'dense/kernel'],
  [9, undefined],
  [-1, undefined],
])('element %d belongs to %s', (element, name) => {
  expect(variableAt(variables, element)).toBe(name);
});

test.each([
  [{ loss: true, variable: 'conv/kernel' }, 'the loss and the gradient of conv/kernel are not finite'],
  [{ loss: false, variable: 'conv/kernel' }, 'the gradient of conv/kernel is not finite'],
  [{ loss: true, variable: undefined }, 'the loss is not finite'],
  [undefined, 'the loss or the gradient is not finite'],
])('%j reads: %s', (what, text) => {
  expect(describeNonFinite(what)).toBe(text);
});
