import { expect, test } from 'vitest';
import { createPruner } from './create-pruner.ts';
import { curvesOf, requestOf } from './pruning-request.fixture.ts';

const nan = Number.NaN;

/** Pruner, its settings, losses of complete trials and then of the trial in question, verdict. */
test.each<[string, Readonly<Record<string, number>>, readonly (readonly number[])[], string, string]>([
  ['median', {}, [[0.1], [0.2], [0.9]], 'continue', '2 of 5 trials are complete that it takes to compare'],
  [
    ...([
      'median',
      { startupTrials: 3 },
      [
        [9, 0.4],
        [9, 0.48],
        [9, 0.5],
        [9, 0.61],
      ],
      'stop',
    ] as const),
    'loss 0.61 is above the median 0.48 of 3 trials after epoch 2',
  ],
  [
    // It was better once.
    ...([
      'median',
      { startupTrials: 3 },
      [
        [9, 0.4],
        [9, 0.48],
        [9, 0.5],
        [0.3, 0.61],
      ],
      'continue',
    ] as const),
    'loss 0.3 is not above the median 0.48 of 3 trials after epoch 2',
  ],
  [
    ...(['median', { startupTrials: 2 }, [[0.1], [0.3], [0.15, 0.15]], 'continue'] as const),
    'no complete trial has an epoch 2',
  ],
  ['median', { startupTrials: 1 }, [[0.1], [nan]], 'stop', 'the loss is not finite after epoch 1'],
  [
    ...(['percentile', { startupTrials: 2, percentile: 25 }, [[0], [1], [0.26]], 'stop'] as const),
    'loss 0.26 is above the 25th percentile 0.25 of 2 trials after epoch 1',
  ],
  ['asha', {}, [[0.5]], 'continue', 'loss 0.5 is among the best 1 of 1 trials after epoch 1'],
  [
    ...(['asha', {}, [[0.1], [0.2], [0.3], [0.4], [0.5], [0.6], [0.7], [0.2]], 'continue'] as const),
    'loss 0.2 is among the best 2 of 8 trials after epoch 1',
  ],
  [
    ...(['asha', {}, [[0.1], [0.2], [0.3], [0.4], [0.5], [0.6], [0.7], [0.21]], 'stop'] as const),
    'loss 0.21 is not among the best 2 of 8 trials after epoch 1, which end at 0.2',
  ],
  ['asha', {}, [[nan], [nan]], 'stop', 'the loss is not finite after epoch 1'],
  ['threshold', { upper: 0.5 }, [[0.6]], 'stop', 'loss 0.6 is above 0.5 after epoch 1'],
  ['threshold', { lower: 0, upper: 0.5 }, [[-1]], 'stop', 'loss -1 is below 0 after epoch 1'],
  ['threshold', { lower: 0, upper: 0.5 }, [[0.25]], 'continue', 'loss 0.25 is between 0 and 0.5 after epoch 1'],
  [
    ...(['patient', { patience: 2, minDelta: 0.1 }, [[0.9, 0.5, 0.45, 0.41]], 'stop'] as const),
    'best loss 0.41 of the last 2 epochs, 0.5 before: not improved by more than 0.1 after epoch 4',
  ],
  [
    ...(['patient', { patience: 2, minDelta: 0.1 }, [[0.9, 0.5, 0.45, 0.39]], 'continue'] as const),
    'best loss 0.39 of the last 2 epochs, 0.5 before: improved by more than 0.1',
  ],
])('%s %j on %j: %s', (name, settings, losses, kind, reason) => {
  const pruner = createPruner(name, settings);
  expect(pruner.judge(requestOf(pruner, curvesOf(...losses), losses.length - 1))).toEqual({ kind, reason });
});

test.each([
  ['asha', {}, [-0.9, -0.8], 'objective 0.8 is not among the best 1 of 2 trials after epoch 1, which end at 0.9'],
  ['median', { startupTrials: 1 }, [-0.9, -0.8], 'objective 0.8 is below the median 0.9 of 1 trials after epoch 1'],
])('%s %j says of an objective that is maximized what people know: %j', (name, settings, losses, reason) => {
  const pruner = createPruner(name, settings);
  const request = requestOf(pruner, curvesOf(...losses.map((loss) => [loss])), losses.length - 1);
  expect(pruner.judge({ ...request, maximize: true })).toEqual({ kind: 'stop', reason });
});

test.each<[string, Readonly<Record<string, number>>, readonly number[]]>([
  ['median', { warmupEpochs: 2, interval: 3 }, [3, 6, 9, 12, 15, 18]],
  ['asha', { minEpochs: 2, reductionFactor: 3 }, [2, 6, 18]],
  ['threshold', { warmupEpochs: 17 }, [18, 19, 20]],
  ['patient', { patience: 18 }, [19, 20]],
])('%s %j decides after epochs %j of 20', (name, settings, expected) => {
  const pruner = createPruner(name, settings);
  const epochs = Array.from({ length: 20 }, (_, epoch) => epoch + 1);
  expect(epochs.filter((epoch) => pruner.decidesAfter(epoch, { trial: 0, maxEpochs: 20, seed: 1 }))).toEqual(expected);
});

test("Hyperband's brackets get trials in proportion to its numbers of configurations, and rungs that begin later", () => {
  // Li et al. 2017, table 1: eta 3, 81 epochs: 81, 34, 15, 8 and 5 configurations.
  const pruner = createPruner('hyperband', { reductionFactor: 3 });
  const trials = Array.from({ length: 14_300 }, (_, trial) => ({ trial, maxEpochs: 81, seed: 5 }));
  const counts = [0, 1, 2, 3, 4].map((bracket) => trials.filter((trial) => pruner.groupOf(trial) === bracket).length);
  const expected = [81, 34, 15, 8, 5].map((share) => share * 100);
  for (const [bracket, count] of counts.entries()) {
    const share = expected[bracket] ?? 0;
    expect(Math.abs(count - share), `bracket ${String(bracket)}`).toBeLessThan(4 * Math.sqrt(share));
  }
  const firstRungs = trials.slice(0, 200).map((trial) => {
    const epoch = Array.from({ length: 81 }, (_, index) => index + 1).find((at) => pruner.decidesAfter(at, trial));
    return epoch === 3 ** pruner.groupOf(trial);
  });
  expect(firstRungs).not.toContain(false);
});

test.each<[string, Readonly<Record<string, number>>, readonly string[]]>([
  ['asha', {}, []],
  ['ahsa', {}, ['pruner "ahsa" is unknown; did you mean asha?']],
  [
    ...(['asha', { minEpoch: 1, reductionFactor: 1.5 }] as const),
    [
      'pruner asha has no setting "minEpoch"; did you mean minEpochs?',
      'pruner asha has reductionFactor 1.5; it must be an integer from 2 to 1000000',
    ],
  ],
  ['threshold', { lower: 2, upper: 1 }, ['pruner threshold has lower 2; it must not be above upper 1']],
  ['percentile', { percentile: nan }, ['pruner percentile has percentile NaN; it must be a number from 0 to 100']],
])('pruner %s with settings %j has the problems %j', (name, settings, problems) => {
  const made = (): unknown => createPruner(name, settings);
  if (problems.length > 0) expect(made).toThrow(problems.join('; '));
  else expect(made()).toMatchObject({ name });
});
