/**
 * How well a model tells classes apart, as counts over examples: whole numbers, whose sums are exact in any order.
 */

/** Counts over examples of a model with classes. Both lists are empty where nothing was counted. */
export interface ClassCounts {
  /** `ranks[r]`: examples of which exactly r classes scored higher than the right one. One entry a class. */
  readonly ranks: readonly number[];
  /**
   * `confusion[truth * classes + answer]`: examples of class `truth` for which `answer` was the first of the highest scores.
   * Empty also where there are more classes than `maxConfusionClasses`.
   */
  readonly confusion: readonly number[];
}

/** Classes beyond which no confusion matrix is kept: it grows with their square and travels with each evaluation chunk. */
export const maxConfusionClasses = 128;

/** The counts over the examples of both; of lists of different lengths the shorter one is read as ending in zeros. */
export function addClassCounts(left: ClassCounts, right: ClassCounts): ClassCounts {
  return { ranks: addCounts(left.ranks, right.ranks), confusion: addCounts(left.confusion, right.confusion) };
}

/**
 * The share of `examples` whose right class is among the `k` best, as TensorFlow's `in_top_k` has it: classes that tie with
 * the last of them are all among them. So top-1 can lie above the accuracy, which takes the first of equal scores.
 */
export function topAccuracy({ ranks }: ClassCounts, k: number, examples: number): number {
  return ranks.slice(0, k).reduce((sum, count) => sum + count, 0) / examples;
}

function addCounts(left: readonly number[], right: readonly number[]): number[] {
  const [longer, shorter] = left.length < right.length ? [right, left] : [left, right];
  return longer.map((count, index) => count + (shorter[index] ?? 0));
}
