import type { Assignment } from '@weft/tuning';

/** A figure of a trial: after its last epoch, or of its final weights on the test split. */
export type Metric = 'loss' | 'accuracy' | 'validation-loss' | 'validation-accuracy' | 'test-loss' | 'test-accuracy';

/** One row: some configuration, and what others found for it. */
export interface ReferenceRow {
  readonly label: string;
  /** Trials that have these settings belong to the row; they may have more. */
  readonly settings: Assignment;
  /** One for each of the table's sources, in order; undefined where that source has none. */
  readonly values: readonly (number | undefined)[];
  /** A value differs when it is further than this from the mean of ours; undefined: the row is not judged. */
  readonly tolerance: number | undefined;
  /** Why ours differs; undefined where nobody knows. Printed only where it does. */
  readonly explanation: string | undefined;
}

/** Values that others published or measured, to stand beside ours. */
export interface ReferenceTable {
  /** `Table 3.1, learning rate`. */
  readonly title: string;
  readonly metric: Metric;
  /** Whose values: `study`, `PyTorch`. */
  readonly sources: readonly string[];
  readonly rows: readonly ReferenceRow[];
  /** What holds for the table as a whole, such as a reduced number of epochs; undefined: nothing. */
  readonly remark: string | undefined;
}
