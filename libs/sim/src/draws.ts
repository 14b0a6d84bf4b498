/** Random choices of a simulation. Each part draws from a stream of its own, so that one part's draws do not move another's. */
import { PhiloxStream } from '@weft/core';

export class Draws {
  readonly #stream: PhiloxStream;

  /** `part` and `item` name the stream within the simulation of `seed`. */
  constructor(seed: number, part: number, item = 0) {
    this.#stream = new PhiloxStream(seed, 'simulation', part, item);
  }

  /** A number in [low, high). */
  between(low: number, high: number): number {
    return low + (high - low) * this.#stream.uniform();
  }

  /** An integer in [low, high]. */
  integer(low: number, high: number): number {
    return low + this.#stream.below(high - low + 1);
  }

  /** A number in [low, high) whose logarithm is uniform: small and large orders are equally likely. */
  magnitude(low: number, high: number): number {
    return low * (high / low) ** this.#stream.uniform();
  }

  chance(probability: number): boolean {
    return this.#stream.uniform() < probability;
  }

  /** One of `items`, which are not empty. */
  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.#stream.below(items.length)] ?? items[0];
  }
}
