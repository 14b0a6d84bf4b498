/**
 * Halton's sequence with scrambled digits: points that fill the unit cube more evenly than chance.
 *
 * Coordinate d of point i mirrors the digits of i in the d-th prime base about the point. Plain, the first points of large bases lie
 * on a line; so each digit goes through a permutation of its own, which depends on the seed, the base and the position:
 * h * digit + g modulo the base, with random h > 0 and g (J. Matousek, "On the L2-discrepancy for anchored boxes", Journal of
 * Complexity 14, 1998). All digits are permuted, the endless zeros in front too, as far as a double can tell.
 */
import { proposalStream } from '../proposal-stream.ts';

/** Coordinate `dimension`, from 0, of the point `index`, an integer in [0, 2^53); in [0, 1). */
export function haltonCoordinate(seed: number, dimension: number, index: number): number {
  const base = primeAt(dimension);
  const stream = proposalStream({ seed, cell: dimension }, 'digits');
  let rest = index;
  let weight = 1;
  let coordinate = 0;
  // Beyond the last digit of a double, digits change nothing.
  while (weight > 2 ** -53) {
    weight /= base;
    const factor = 1 + stream.below(base - 1);
    const shift = stream.below(base);
    coordinate += ((factor * (rest % base) + shift) % base) * weight;
    rest = Math.floor(rest / base);
  }
  return Math.min(coordinate, 1 - 2 ** -53);
}

function primeAt(ordinal: number): number {
  let found = -1;
  for (let candidate = 2; ; candidate++) if (isPrime(candidate) && ++found === ordinal) return candidate;
}

function isPrime(candidate: number): boolean {
  for (let factor = 2; factor * factor <= candidate; factor++) if (candidate % factor === 0) return false;
  return true;
}
