/** Studies of tiny trials on the synthetic data set. */
import type { MessageInitShape, StudyDefinitionSchema, StudyExecutionSchema } from '@weft/wire';
import { configurationOf } from '../harness/run-configuration.ts';

export type DefinitionInit = MessageInitShape<typeof StudyDefinitionSchema>;
export type ExecutionInit = MessageInitShape<typeof StudyExecutionSchema>;

/** How large a grid is. */
export interface GridSize {
  readonly learningRates: readonly number[];
  readonly batchSizes: readonly number[];
  readonly optimizers: readonly ('sgd' | 'adam')[];
  readonly trialSeeds: readonly bigint[];
  readonly epochs: number;
  readonly trainExamples: number;
}

/** A grid over learning rates, batch sizes and optimizers of the initial network. */
export async function smallGrid(size: GridSize): Promise<DefinitionInit> {
  const { epochs, trainExamples } = size;
  const base = await configurationOf({ model: 'initial-nn', epochs, trainExamples, testExamples: 100, batchSize: 64 });
  return {
    name: 'small grid',
    base,
    optimizers: [
      { name: 'sgd', learningRate: 0.01, settings: { momentum: 0, nesterov: 0, weightDecay: 0, globalClipNorm: 0 } },
      {
        name: 'adam',
        learningRate: 0.001,
        settings: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, amsgrad: 0, weightDecay: 0, globalClipNorm: 0 },
      },
    ],
    parameters: [
      choices(
        'optimizer',
        size.optimizers.map((value) => ({ case: 'text', value })),
      ),
      choices(
        'learning-rate',
        size.learningRates.map((value) => ({ case: 'number', value })),
      ),
      choices(
        'batch-size',
        size.batchSizes.map((value) => ({ case: 'number', value })),
      ),
    ],
    objective: { metric: 'validation-accuracy', maximize: true },
    sampler: { name: 'grid' },
    trialSeeds: [...size.trialSeeds],
    seed: 1n,
    concurrency: 4,
  };
}

type Choice = { readonly case: 'text'; readonly value: string } | { readonly case: 'number'; readonly value: number };

function choices(name: string, values: readonly Choice[]) {
  return { name, range: { case: 'choices', value: { values: values.map((value) => ({ value })) } } } as const;
}
