/** A study as its author wrote it, typed and checked, before its data set and its models were read. */
import type { ParameterValue, SearchSpace } from '@weft/tuning';
import type { MetricName } from '../settings/settings.ts';

/** A sampler or a pruner by name. */
export interface MethodChoice {
  readonly name: string;
  /** Those that were written; the others keep their defaults. */
  readonly settings: Readonly<Record<string, number>>;
}

/** Which examples. */
export interface StudyDataSet {
  readonly name: DataSetChoice;
  /** Folder of its files, as written; relative to the file. */
  readonly directory?: string;
  readonly validationSplit: number;
  /** Of a generated data set. */
  readonly synthetic: {
    readonly seed?: number;
    readonly trainExamples?: number;
    readonly testExamples?: number;
  };
}

/** Data sets that a study can name. */
export const dataSetChoices = ['fashion-mnist', 'synthetic-fashion'] as const;

export type DataSetChoice = (typeof dataSetChoices)[number];

/** How partial sums travel. */
export const transportChoices = ['auto', 'star', 'direct'] as const;

export type TransportChoice = (typeof transportChoices)[number];

export interface StudyFile {
  readonly name: string;
  readonly dataSet: StudyDataSet;
  /** As written: names, or paths relative to the file. More than one only where the space varies `model`. */
  readonly models: readonly string[];
  /** What the trials have in common, by the names of `settings`; without `model`, with `epochs`. */
  readonly fixed: ReadonlyMap<string, ParameterValue>;
  /** The learning rate grows with the batch from this size on; `undefined`: it does not. */
  readonly referenceBatchSize: number | undefined;
  readonly space: SearchSpace;
  readonly objective: { readonly metric: MetricName; readonly maximize: boolean; readonly bestEpoch: boolean };
  readonly sampler: MethodChoice;
  readonly pruner: MethodChoice | undefined;
  /** Each cell is tried once with each; distinct. */
  readonly trialSeeds: readonly number[];
  /** Of the sampler. */
  readonly seed: number;
  readonly epochs: number;
  /** `undefined`: until the sampler has no more. */
  readonly maxCells: number | undefined;
  readonly maxSeconds: number | undefined;
  readonly concurrency: number;
  /** `max` 0: as many as make a trial faster. */
  readonly trainersPerTrial: { readonly min: number; readonly max: number };
  readonly priority: number;
  /** Attempts beyond the first. */
  readonly retries: number;
  readonly transport: TransportChoice;
}
