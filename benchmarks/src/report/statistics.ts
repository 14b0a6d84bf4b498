/** Middle and range of repeated measurements. */

/** Of rounds taken in turn: the median says what is usual, the range how much the machine was disturbed. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Every value, in the order in which they were taken. */
  readonly rounds: readonly number[];
}

/** The middle value, or the mean of the two middle ones; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] ?? Number.NaN;
  const lower = sorted[(sorted.length - 1) >> 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The spread of `values`, or undefined of none: a measurement that was skipped has no figures. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  return {
    median: rounded(median(values)),
    min: rounded(Math.min(...values)),
    max: rounded(Math.max(...values)),
    rounds: values.map(rounded),
  };
}

/**
 * The spread of ours[i] / theirs[i]. Measurements of one round were taken one after the other, so what disturbs the machine
 * for minutes changes a ratio less than it changes either side. Undefined where there are no pairs.
 */
export function ratioSpread(ours: readonly number[], theirs: readonly number[]): Spread | undefined {
  const pairs = Math.min(ours.length, theirs.length);
  return spreadOf(Array.from({ length: pairs }, (_, round) => (ours[round] ?? Number.NaN) / (theirs[round] ?? 0)));
}

/** Four significant digits: no timing here is better than that. */
export function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
