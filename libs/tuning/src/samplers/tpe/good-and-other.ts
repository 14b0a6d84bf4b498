/** Divides what is known of some parameters into the good cells and the others. */
import type { CellObservation } from '../sampler.ts';
import { compareStanding, standingOf } from '../standing.ts';

export interface Division {
  /** The best, of those that have a loss; the better first. */
  readonly good: readonly CellObservation[];
  /** The others, the older first; cells that run are among them, so that parallel proposals keep apart ("constant liar"). */
  readonly others: readonly CellObservation[];
}

/** `observations` ascending by cell. Good are ceil(share * finished), at most `most`, and only cells with a loss. */
export function divide(observations: readonly CellObservation[], share: number, most: number): Division {
  const finished = observations.filter((cell) => standingOf(cell) !== undefined);
  const count = Math.min(Math.ceil(share * finished.length), most);
  const good: CellObservation[] = [];
  for (const cell of finished) {
    if (standingOf(cell) === 'diverged') continue;
    const worst = good.at(-1);
    if (good.length === count && worst !== undefined && compareStanding(cell, worst) >= 0) continue;
    const place = good.findIndex((other) => compareStanding(cell, other) < 0);
    good.splice(place < 0 ? good.length : place, 0, cell);
    if (good.length > count) good.pop();
  }
  const chosen = new Set(good);
  return { good, others: observations.filter((cell) => cell.state !== 'excused' && !chosen.has(cell)) };
}
