/** How cells rank: what samplers that learn take for better and worse. */
import type { CellObservation } from './sampler.ts';

/**
 * `complete` before `pruned`, whose loss is that of an earlier epoch, before `diverged`, which any loss that is not finite counts as;
 * `undefined` for cells that say nothing (yet).
 */
export function standingOf({ state, loss }: CellObservation): 'complete' | 'pruned' | 'diverged' | undefined {
  if (state === 'running' || state === 'excused') return undefined;
  return state === 'diverged' || loss === undefined || !Number.isFinite(loss) ? 'diverged' : state;
}

const tiers = { complete: 0, pruned: 1, diverged: 2 } as const;

/** Orders cells of which something is known: better first, equals by number. */
export function compareStanding(a: CellObservation, b: CellObservation): number {
  const [first, second] = [standingOf(a) ?? 'diverged', standingOf(b) ?? 'diverged'];
  if (first !== second) return tiers[first] - tiers[second];
  const difference = first === 'diverged' ? 0 : (a.loss ?? 0) - (b.loss ?? 0);
  return difference !== 0 ? difference : a.cell - b.cell;
}

/** The history in the order of cells: itself where it is so already. */
export function inOrder(history: readonly CellObservation[]): readonly CellObservation[] {
  const sorted = history.every(({ cell }, position) => position === 0 || cell > (history[position - 1]?.cell ?? -1));
  return sorted ? history : history.toSorted((a, b) => a.cell - b.cell);
}

/** How many cells have ended and say something. */
export function endedCells(history: readonly CellObservation[]): number {
  return history.reduce((sum, cell) => sum + (standingOf(cell) === undefined ? 0 : 1), 0);
}
