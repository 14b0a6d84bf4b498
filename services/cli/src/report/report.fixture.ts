import type { ReportedRun } from './report-content.ts';

/** A run of plausible figures; `losses` sets the training losses and with them the number of epochs. */
export function reportedRun(
  given: {
    readonly title?: string;
    readonly trainers?: number;
    readonly dataSet?: string;
    readonly weightsDigest?: string;
    readonly losses?: readonly number[];
  } = {},
): ReportedRun {
  const { title = 'a run', trainers = 2, dataSet = 'fashion-mnist', losses = [1.52, 1.03, 0.87, 0.78, 0.72] } = given;
  const weightsDigest = given.weightsDigest ?? 'a1b2c3d4'.repeat(8);
  return {
    title,
    trainers,
    parameters: 25_450,
    engineFingerprint: 'ort-cpu/1 test',
    summary: {
      ...{ runId: 'run-1', model: 'initial-nn', loss: 'categoricalCrossentropy' },
      dataSet: {
        ...{ name: dataSet, identity: 'sha256:0', synthetic: dataSet.startsWith('synthetic') },
        ...{ trainExamples: 54_000, validationExamples: 6000, testExamples: 10_000 },
      },
      optimizer: { name: 'sgd', learningRate: 0.01, settings: { momentum: 0 } },
      ...{ batchSize: 128, chunkSize: 32, epochs: losses.length, seed: 1 },
      ...{ schedule: null, earlyStopping: null },
    },
    epochs: losses.map((loss, at) => ({
      ...{ epoch: at + 1, loss, accuracy: 0.5 + 0.05 * at, validationLoss: loss + 0.02 },
      ...{ validationAccuracy: 0.49 + 0.052 * at, seconds: 1.2, examplesPerSecond: 45_000 },
      ...{ worldSize: trainers, generation: 1, weightsDigest },
    })),
    result: {
      ...{ testLoss: 0.74, testAccuracy: 0.7321, validationLoss: 0.74, validationAccuracy: 0.735, seconds: 6 },
      ...{ testTopAccuracies: [0.7321, 0.9, 1], testConfusion: [] },
      ...{ examplesPerSecond: 45_000, weightsDigest, ledgerDigest: '0'.repeat(64) },
    },
  };
}
