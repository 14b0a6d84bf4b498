import { Ranking } from './ranking.ts';
import type { Curve, Peers, RankedLosses } from './pruner.ts';

type Among = 'all' | 'complete';

interface Shelf {
  readonly epoch: number;
  readonly group: number;
  readonly among: Among;
  readonly ranking: Ranking;
}

/**
 * The curves of a study as pruners see them, with the rankings that they ask for.
 *
 * A ranking is made from all curves when it is asked for first, and kept in order from then on. Curves are shared: whoever
 * lengthens one, or ends it, tells the book at once.
 */
export class CurveBook {
  readonly #curves: Curve[] = [];
  readonly #groups: number[] = [];
  readonly #groupOf: (trial: number) => number;
  /** By epoch. */
  readonly #shelves: Shelf[][] = [];

  constructor(groupOf: (trial: number) => number) {
    this.#groupOf = groupOf;
  }

  /** All that have begun, by number. */
  get curves(): readonly Curve[] {
    return this.#curves;
  }

  /** Takes in the curve of the next trial, which has no losses yet. */
  begin(curve: Curve): void {
    this.#curves.push(curve);
    this.#groups.push(this.#groupOf(curve.trial));
  }

  /** The curve has grown by one epoch. */
  grown(curve: Curve): void {
    const epoch = curve.losses.length;
    for (const shelf of this.#shelves[epoch] ?? []) {
      if (shelf.among === 'all') this.#place(shelf, curve);
    }
  }

  /** The curve is that of a complete trial from now on. */
  completed(curve: Curve): void {
    for (let epoch = 1; epoch <= curve.losses.length; epoch++) {
      for (const shelf of this.#shelves[epoch] ?? []) {
        if (shelf.among === 'complete') this.#place(shelf, curve);
      }
    }
  }

  peersOf(trial: number): Peers {
    const group = this.#groups[trial] ?? 0;
    return { after: (epoch, among) => this.#rank(epoch, group, among) };
  }

  #rank(epoch: number, group: number, among: Among): RankedLosses {
    const shelves = (this.#shelves[epoch] ??= []);
    const found = shelves.find((shelf) => shelf.group === group && shelf.among === among);
    if (found !== undefined) return found.ranking;
    const shelf = { epoch, group, among, ranking: new Ranking() };
    for (const curve of this.#curves) {
      if (curve.losses.length >= epoch && (among === 'all' || curve.state === 'complete')) this.#place(shelf, curve);
    }
    shelves.push(shelf);
    return shelf.ranking;
  }

  #place({ epoch, group, ranking }: Shelf, { trial, losses }: Curve): void {
    const loss = losses[epoch - 1];
    if (loss !== undefined && this.#groups[trial] === group) ranking.add(loss);
  }
}
