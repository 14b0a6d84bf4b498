/** What the keys of a study file hold, before they are put together. */
import type { Parameter, ParameterValue } from '@weft/tuning';
import type { MetricName } from '../settings/settings.ts';
import type { DataSetChoice, MethodChoice, TransportChoice } from './study-file.ts';

export interface DataSetRead {
  readonly name?: DataSetChoice;
  readonly directory?: string;
  readonly 'validation-split'?: number;
  readonly 'train-examples'?: number;
  readonly 'test-examples'?: number;
  readonly seed?: number;
}

export interface ObjectiveRead {
  readonly metric?: MetricName;
  readonly direction?: 'minimize' | 'maximize';
  readonly epoch?: 'last' | 'best';
}

export interface BudgetRead {
  readonly trials?: number;
  readonly epochs?: number;
  /** In seconds. */
  readonly 'wall-time'?: number;
}

export interface StudyRead {
  readonly name?: string;
  readonly 'data-set'?: DataSetChoice | DataSetRead;
  readonly model?: string;
  readonly models?: readonly string[];
  /** By their names; `reference-batch-size` among them. */
  readonly settings?: Readonly<Record<string, ParameterValue>>;
  readonly space?: Readonly<Record<string, Parameter>>;
  readonly objective?: MetricName | ObjectiveRead;
  readonly sampler?: MethodChoice;
  readonly pruner?: MethodChoice;
  readonly seeds?: number | readonly number[];
  readonly seed?: number;
  readonly budget?: BudgetRead;
  readonly concurrency?: number;
  readonly 'trainers-per-trial'?: number | 'auto' | { readonly min?: number; readonly max?: number };
  readonly priority?: number;
  readonly retries?: number;
  readonly transport?: TransportChoice;
}
