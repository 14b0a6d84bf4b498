/** Adding and subtracting what studies took. */
import type { StoredCosts } from '@weft/store';

/** What a study has taken that has not begun. */
export const noCosts: StoredCosts = { trainerSeconds: 0, usefulSeconds: 0, lostSeconds: 0, examples: 0 };

/** `a` and `sign` times `b`. */
export function plusCosts(a: StoredCosts, b: StoredCosts, sign: 1 | -1 = 1): StoredCosts {
  return {
    trainerSeconds: a.trainerSeconds + sign * b.trainerSeconds,
    usefulSeconds: a.usefulSeconds + sign * b.usefulSeconds,
    lostSeconds: a.lostSeconds + sign * b.lostSeconds,
    examples: a.examples + sign * b.examples,
  };
}
