/** Makes a failing schedule smaller: faults are left out, many at a time and then one by one, for as long as it still fails. */

/** The smallest part of `faults`, in order, that was found for which `fails` holds; it holds for `faults` itself. */
export async function shrink<T>(faults: readonly T[], fails: (faults: readonly T[]) => Promise<boolean>): Promise<T[]> {
  let kept = [...faults];
  for (let size = Math.max(1, Math.floor(kept.length / 2)); ; size = Math.max(1, Math.floor(size / 2))) {
    let removed = false;
    for (let at = 0; at < kept.length;) {
      const without = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (await fails(without)) {
        kept = without;
        removed = true;
      } else at += size;
    }
    if (size === 1 && !removed) return kept;
  }
}
