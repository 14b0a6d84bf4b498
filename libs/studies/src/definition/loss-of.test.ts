import { create, EpochResultSchema, ObjectiveSchema } from '@weft/wire';
import { expect, test } from 'vitest';
import { lossOf, valueOfLoss } from './loss-of.ts';

const epochs = [0.5, 0.9, 0.7, Number.NaN].map((validationAccuracy, index) =>
  create(EpochResultSchema, { epoch: index + 1, validationAccuracy, validationLoss: index, loss: 2, accuracy: 0.1 }),
);
const definition = (metric: string, maximize: boolean, bestEpoch = false) => ({
  objective: create(ObjectiveSchema, { metric, maximize, bestEpoch }),
});

test.each([
  ['validation-accuracy', true, false, 3, -0.7],
  ['validation-accuracy', true, true, 3, -0.9],
  ['validation-accuracy', false, true, 4, 0.5],
  ['validation-accuracy', true, false, 4, Number.NaN],
  ['validation-loss', false, false, 4, 3],
  ['loss', false, false, 1, 2],
  ['accuracy', true, false, 1, -0.1],
  ['validation-loss', false, false, 0, Number.NaN],
  ['f1', true, false, 2, Number.NaN],
])('%s, maximized %s, best %s, after %d epochs is %d', (metric, maximize, best, count, loss) => {
  expect(lossOf(definition(metric, maximize, best), epochs.slice(0, count))).toBe(loss);
});

test.each([true, false])('zero has no sign, neither as a loss nor as the objective: maximized %s', (maximize) => {
  for (const zero of [0, -0]) {
    const epoch = create(EpochResultSchema, { epoch: 1, accuracy: zero });
    for (const best of [true, false]) expect(lossOf(definition('accuracy', maximize, best), [epoch])).toBe(0);
    expect(valueOfLoss(definition('accuracy', maximize), zero)).toBe(0);
  }
});

test('a loss becomes the objective again', () => {
  expect(valueOfLoss(definition('accuracy', true), -0.25)).toBe(0.25);
  expect(valueOfLoss(definition('loss', false), 0.25)).toBe(0.25);
});
