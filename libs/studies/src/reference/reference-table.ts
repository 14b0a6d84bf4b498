/** What a table of a published study looks like, beside which ours is put. */
import type { ParameterValue } from '@weft/tuning';

/** A figure of the table: of the last epoch, on validation or test examples. */
export type ReferenceFigure = 'validationAccuracy' | 'testLoss' | 'testAccuracy';

export interface ReferenceRow {
  /** As the study writes it. */
  readonly label: string;
  /** The value of the table's setting that the row is about. */
  readonly value: ParameterValue;
  /** What the study found. */
  readonly reference: Readonly<Partial<Record<ReferenceFigure, number>>>;
  /** What one run of the same recipe in PyTorch found: what can be had. */
  readonly pytorch?: number;
  /** How far ours may be from `pytorch`; absent where they are not compared. */
  readonly tolerance?: number;
  /** Why ours differs from the study. */
  readonly note?: string;
}

export interface ReferenceTable {
  /** `3.1`. */
  readonly number: string;
  readonly title: string;
  /** The setting in which its rows differ, and how its column is headed. */
  readonly setting: string;
  readonly heading: string;
  readonly figures: readonly ReferenceFigure[];
  /** Epochs of the study's runs. */
  readonly epochs: number;
  /** Studies whose names begin so fill the table. */
  readonly studies: string;
  readonly rows: readonly ReferenceRow[];
}
