import type { RankedLosses } from './pruner.ts';

const firstCapacity = 16;

/** Ranked losses that grow: a loss is put in its place as it comes, so that ranks are found by bisection. */
export class Ranking implements RankedLosses {
  #losses = new Float64Array(firstCapacity);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  at(rank: number): number {
    return rank < this.#count ? (this.#losses[rank] ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
  }

  countBelow(loss: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < loss) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  add(loss: number): void {
    const ranked = Number.isFinite(loss) ? loss : Number.POSITIVE_INFINITY;
    if (this.#count === this.#losses.length) {
      const grown = new Float64Array(2 * this.#count);
      grown.set(this.#losses);
      this.#losses = grown;
    }
    const place = this.countBelow(ranked);
    this.#losses.copyWithin(place + 1, place, this.#count);
    this.#losses[place] = ranked;
    this.#count++;
  }
}
