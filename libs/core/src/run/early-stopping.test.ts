import { expect, test } from 'vitest';
import { monitors, Patience, type EarlyStopping, type EpochMeans, type Monitor } from './early-stopping.ts';

function epoch(values: Partial<EpochMeans>): EpochMeans {
  return { loss: 0.5, accuracy: 0.5, validationLoss: 0.5, validationAccuracy: 0.5, ...values };
}

const keys = {
  'validation-loss': 'validationLoss',
  'validation-accuracy': 'validationAccuracy',
  loss: 'loss',
  accuracy: 'accuracy',
} as const;

/** After which epoch it stops, and why. */
function stop(rule: EarlyStopping, values: readonly number[]): readonly [number, string | undefined] {
  const patience = new Patience(rule);
  for (const [index, value] of values.entries()) {
    patience.take(epoch({ [keys[rule.monitor]]: value }));
    if (patience.reason !== undefined) return [index + 1, patience.reason];
  }
  return [0, undefined];
}

test('the epoch and the reason of a run whose validation loss stops falling', () => {
  const rule = { monitor: 'validation-loss', patience: 3, minDelta: 0.001 } as const;
  const reason = 'stopped early after epoch 7: validation-loss has not improved by more than 0.001 since epoch 4';
  expect(stop(rule, [0.9, 0.8, 0.7, 0.6, 0.5995, 0.61, 0.6, 0.1])).toEqual([7, reason]);
});

test.each<readonly [string, Monitor, number, number, readonly number[], number]>([
  ['less loss is better', 'loss', 1, 0, [3, 2, 1, 1], 4],
  ['more accuracy is better', 'accuracy', 1, 0, [0.1, 0.2, 0.3, 0.3], 4],
  ['more validation accuracy is better', 'validation-accuracy', 2, 0, [0.5, 0.4, 0.6, 0.6, 0.6], 5],
  ['an improvement of exactly min delta is none', 'loss', 1, 0.5, [2, 1.5], 2],
  ['a little more than min delta is one', 'loss', 1, 0.5, [2, 1.4375, 0.5], 0],
  ['small improvements add up against the best', 'loss', 3, 0.5, [2, 1.75, 1.5, 1.25], 0],
  ['an improvement begins the count anew', 'loss', 2, 0, [3, 3, 2, 2, 2], 5],
  ['patience longer than the run never ends', 'loss', 9, 0, [1, 1, 1, 1], 0],
  ['what is not a number is no improvement', 'loss', 2, 0, [1, NaN, NaN], 3],
  ['a number after none is one', 'loss', 2, 0, [NaN, 1, 0.5], 0],
])('%s', (_, monitor, patience, minDelta, values, last) => {
  expect(stop({ monitor, patience, minDelta }, values)[0]).toBe(last);
});

test('a run that never gave a number says so', () => {
  const [last, reason] = stop({ monitor: 'loss', patience: 2, minDelta: 0 }, [NaN, NaN, NaN]);
  expect([last, reason]).toEqual([2, 'stopped early after epoch 2: loss has not been a number']);
});

test.each(monitors)('%s: taken one by one or all at once, the reason is the same', (monitor) => {
  const rule = { monitor, patience: 2, minDelta: 0.01 };
  const epochs = [0.5, 0.4, 0.45, 0.5, 0.405, 0.398, 0.397, 0.1].map((value) => epoch({ [keys[monitor]]: value }));
  const one = new Patience(rule);
  for (const means of epochs) one.take(means);
  expect(new Patience(rule, epochs).reason).toBe(one.reason);
  expect(one.reason).toBeDefined();
});

test('without a rule nothing ends', () => {
  expect(new Patience(undefined, [epoch({}), epoch({}), epoch({})]).reason).toBeUndefined();
});
