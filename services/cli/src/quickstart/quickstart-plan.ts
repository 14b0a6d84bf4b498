/** What the quickstart trains, in order. */
import type { DataSetName } from '@weft/data';

/** One run of the quickstart. */
export interface PlannedRun {
  readonly model: 'initial-nn' | 'simple-cnn';
  readonly trainers: number;
  /** The rest of its command line. */
  readonly argv: readonly string[];
}

/**
 * The initial NN and the simple CNN on two trainers, then that NN on one. The first and the last have equal configurations,
 * so their weights must be equal.
 */
export function quickstartPlan(
  dataset: DataSetName,
  epochs: { readonly nn: number; readonly cnn: number },
): PlannedRun[] {
  const nn = ['--optimizer', 'sgd', '--lr', '0.01', '--epochs', String(epochs.nn)];
  const cnn = ['--optimizer', 'adam', '--epochs', String(epochs.cnn)];
  const common = ['--batch-size', '128', '--seed', '1', '--dataset', dataset];
  return [
    { model: 'initial-nn', trainers: 2, argv: ['--model', 'initial-nn', ...nn, ...common] },
    { model: 'simple-cnn', trainers: 2, argv: ['--model', 'simple-cnn', ...cnn, ...common] },
    { model: 'initial-nn', trainers: 1, argv: ['--model', 'initial-nn', ...nn, ...common] },
  ];
}

/** `initial-nn on 2 trainers`. */
export function titleOf({ model, trainers }: PlannedRun): string {
  return `${model} on ${String(trainers)} ${trainers === 1 ? 'trainer' : 'trainers'}`;
}
