/**
 * Which valid name a person meant.
 *
 * The distance is Damerau and Levenshtein's in its restricted form (optimal string alignment): insertions, deletions,
 * substitutions and swaps of two neighbours cost one each, and no part is edited twice.
 */

/** The number of edits between two texts. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]) {
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      }
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

/**
 * The candidate nearest to `name`, or undefined where none is near enough to be what was meant: at most a third of the
 * longer text may be edited, or `name` must be the beginning of exactly one candidate. Of equals the first wins.
 */
export function nearestName(name: string, candidates: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const edits = editDistance(wanted, candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, candidate.length) / 3));
    if (edits <= allowed && edits < fewest) {
      nearest = candidate;
      fewest = edits;
    }
  }
  if (nearest !== undefined) return nearest;
  const continued = candidates.filter((candidate) => wanted.length >= 2 && candidate.toLowerCase().startsWith(wanted));
  return continued.length === 1 ? continued[0] : undefined;
}
