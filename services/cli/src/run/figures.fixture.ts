import type { EpochFigures, ProgressFigures, ResultFigures, RunStatus } from './figures.ts';

/** A run under way, of plausible figures. */
export const someStatus: RunStatus = {
  ...{ runId: 'run-1', model: 'initial-nn', loss: 'categoricalCrossentropy' },
  dataSet: {
    ...{ name: 'fashion-mnist', identity: 'sha256:00', synthetic: false },
    ...{ trainExamples: 54_000, validationExamples: 6000, testExamples: 10_000 },
  },
  optimizer: { name: 'sgd', learningRate: 0.01, settings: { momentum: 0.9, nesterov: 0 } },
  ...{ batchSize: 128, chunkSize: 32, epochs: 10, seed: 1, schedule: null, earlyStopping: null },
  ...{ phase: 'running', reason: 'training on 2 trainers', position: 844, totalSteps: 4220 },
  ...{ worldSize: 2, generation: 3, engineFingerprint: 'ort-cpu test' },
};

export const someProgress: ProgressFigures = {
  ...{ epoch: 3, step: 211, stepsPerEpoch: 422, loss: 0.71234, accuracy: 0.75678 },
  ...{ examplesPerSecond: 45_678.9, worldSize: 2, generation: 3 },
};

export const someEpoch: EpochFigures = {
  ...{ epoch: 3, loss: 0.70123, accuracy: 0.76543, validationLoss: 0.68, validationAccuracy: 0.7712, seconds: 1.24 },
  ...{ examplesPerSecond: 43_548, worldSize: 2, generation: 3, weightsDigest: 'ab'.repeat(32) },
};

export const someResult: ResultFigures = {
  ...{ testLoss: 0.5123, testAccuracy: 0.8211, validationLoss: 0.5, validationAccuracy: 0.83, seconds: 62.5 },
  testTopAccuracies: [0.8211, 0.93, 1],
  testConfusion: [
    [30, 2, 1],
    [4, 25, 3],
    [0, 6, 29],
  ],
  ...{ examplesPerSecond: 43_200, weightsDigest: 'cd'.repeat(32), ledgerDigest: 'ef'.repeat(32) },
};
