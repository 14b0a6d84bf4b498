import { invariant, maxConfusionClasses, type ClassCounts } from '@weft/core';

/**
 * Counts how the right classes rank among scores, and which answer was given for which class.
 *
 * `scores` is row-major, one row of `classes` scores an example (logits or probabilities: only their order counts), `labels`
 * the right class of each. A class ranks behind those that score higher, so classes that tie share a rank; the answer is the
 * first of the highest scores, as arg-max has it. A row with a score that is not finite counts nowhere.
 */
export function countClasses(scores: Float32Array, labels: Int32Array, classes: number): ClassCounts {
  invariant(scores.length === labels.length * classes, 'there is a row of scores for each label');
  const ranks = new Array<number>(classes).fill(0);
  const keepsConfusion = classes <= maxConfusionClasses;
  const confusion = new Array<number>(keepsConfusion ? classes * classes : 0).fill(0);
  labels.forEach((label, row) => {
    const own = scores[row * classes + label] ?? NaN;
    let higher = 0;
    let answer = 0;
    let best = -Infinity;
    for (let place = 0; place < classes; place++) {
      const score = scores[row * classes + place] ?? NaN;
      if (!Number.isFinite(score)) return;
      if (score > own) higher++;
      if (score > best) {
        best = score;
        answer = place;
      }
    }
    ranks[higher] = (ranks[higher] ?? 0) + 1;
    const cell = label * classes + answer;
    if (keepsConfusion) confusion[cell] = (confusion[cell] ?? 0) + 1;
  });
  return { ranks, confusion };
}
