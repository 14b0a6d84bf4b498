/** One class that a model gives for a picture. */
export interface LikelyClass {
  /** Class number. */
  readonly index: number;
  /** `class 3` where the model does not name its classes. */
  readonly name: string;
  /** The model's output for it: a probability after a softmax. */
  readonly probability: number;
}

/** The `count` classes with the greatest outputs, greatest first; of equal ones, and of what is no number, the lower number first. */
export function likelyClasses(
  outputs: Float32Array,
  classNames: readonly string[] | undefined,
  count: number,
): LikelyClass[] {
  const rank = (probability: number): number => (Number.isNaN(probability) ? -Infinity : probability);
  return Array.from(outputs, (probability, index) => ({ index, name: classNameOf(index, classNames), probability }))
    .sort((a, b) =>
      rank(b.probability) > rank(a.probability)
        ? 1
        : rank(b.probability) < rank(a.probability)
          ? -1
          : a.index - b.index,
    )
    .slice(0, count);
}

/** The name of class `index`. */
export function classNameOf(index: number, classNames: readonly string[] | undefined): string {
  return classNames?.[index] ?? `class ${String(index)}`;
}
