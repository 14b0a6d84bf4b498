/** What a setting of a trial is: its name, what its value must be, where it has a meaning, and which field of a run it sets. */

/** Bounds of a number; both belong to the range unless said otherwise. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  /** The value must be greater than this. */
  readonly above?: number;
  /** The value must be less than this. */
  readonly below?: number;
}

/** What values a setting takes. */
export type SettingValues =
  | ({ readonly kind: 'float' | 'int' } & NumberRange)
  | { readonly kind: 'flag' }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** The name of an architecture, or the path of a model; which there are, the reader of a file knows. */
  | { readonly kind: 'model' };

/** The field of a run's configuration that a setting sets. */
export type SettingTarget =
  | { readonly part: 'choice'; readonly field: 'model' | 'optimizer' }
  | { readonly part: 'run'; readonly field: 'batchSize' | 'chunkSize' | 'epochs' }
  | { readonly part: 'model'; readonly field: 'loss' | 'batchNormalization' }
  | { readonly part: 'optimizer'; readonly field: 'learningRate' }
  | { readonly part: 'optimizer-setting'; readonly field: string }
  | { readonly part: 'schedule'; readonly field: ScheduleField }
  | { readonly part: 'early-stopping'; readonly field: EarlyStoppingField };

export type ScheduleField = 'decay' | 'warmupSteps' | 'warmupEpochs' | 'floor' | 'factor' | 'decayEpochs';
export type EarlyStoppingField = 'monitor' | 'patience' | 'minDelta';

/** One setting. */
export interface Setting {
  /** As study files and definitions write it. */
  readonly name: string;
  /** One line for people. */
  readonly summary: string;
  readonly values: SettingValues;
  /** Whether a study may vary it; if not, all its trials have it in common. */
  readonly varies: boolean;
  /** It means something only where that setting has one of these values; without `values`, where it has any. */
  readonly needs?: { readonly setting: string; readonly values?: readonly string[] };
  readonly target: SettingTarget;
}
