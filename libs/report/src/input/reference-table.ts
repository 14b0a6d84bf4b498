import type { Assignment } from '@weft/tuning';

/** A figure of a trial: after its last epoch, or of its final weights on the test split. */
export type Metric = 'loss' | 'accuracy' | 'validation-loss' | 'validation-accuracy' | 'test-loss' | 'test-accuracy';

/** One row: some configuration, and what others found for it. */
export interface ReferenceRow {
  readonly label: string;
  /** Trials that have these settings belong to the row, be it that they vary or that their study fixes them; they may have more. */
  readonly settings: Assignment;
  /** One for each of the table's sources, in order; undefined where that source has none. */
  readonly values: readonly (number | undefined)[];
  /** A value differs when it is further than this from the mean of ours; undefined: the row is not judged. */
  readonly tolerance: number | undefined;
  /** Why ours differs; undefined where nobody knows. Printed unless ours is within the tolerance. */
  readonly explanation: string | undefined;
}

/** Values that others published or measured, to stand beside ours. */
export interface ReferenceTable {
  /** Trials of these studies fill it. */
  readonly studyIds: readonly string[];
  /** `Table 3.1, learning rate`. */
  readonly title: string;
  readonly metric: Metric;
  /** Whose values: `study`, `PyTorch`. */
  readonly sources: readonly string[];
  /** What its rows differ in, as its column is headed: `learning rate`. */
  readonly heading: string;
  /** Epochs that the sources trained; where ours trained another number of them, the row says so. */
  readonly epochs: number;
  readonly rows: readonly ReferenceRow[];
  /** What holds for the table as a whole; undefined: nothing. */
  readonly remark: string | undefined;
}
