/**
 * Which rank finishes the sum of which part of the flat contribution, when trainers exchange partials among themselves.
 *
 * The contribution is cut into pieces of a fixed size, whatever the number of ranks, because the digest of a step is made of
 * the digests of its pieces. A rank owns a contiguous run of pieces. Small contributions are not worth a second round of
 * messages: there every rank owns all of it, gets every partial, and finishes the same sum by itself.
 */

/** Elements of one piece; the last piece of a contribution may have fewer. Part of the protocol. */
export const pieceElements = 4096;

/** Elements [first, end) of the flat contribution. */
export interface ElementRange {
  readonly first: number;
  readonly end: number;
}

/** Who owns what. */
export interface Ownership {
  /** Every rank owns everything, and no means are sent. */
  readonly replicated: boolean;
  /** The elements of each rank, in rank order; ranges may be empty. */
  readonly ranges: readonly ElementRange[];
}

/** Up to this many bytes from one rank to the others together, a second round costs more than the extra bytes. */
const replicatedBytes = 512 * 1024;

/** Pieces of a contribution of `layoutSize` elements. */
export function pieceCount(layoutSize: number): number {
  return Math.ceil(layoutSize / pieceElements);
}

/**
 * The ownership for `worldSize` ranks. Two ranks move as many bytes either way, so they always replicate; more do where
 * the contribution is small.
 */
export function ownershipOf(layoutSize: number, worldSize: number): Ownership {
  const all = { first: 0, end: layoutSize };
  if (worldSize <= 2 || (worldSize - 1) * layoutSize * 4 <= replicatedBytes) {
    return { replicated: true, ranges: new Array<ElementRange>(worldSize).fill(all) };
  }
  const pieces = pieceCount(layoutSize);
  const elementAt = (rank: number): number =>
    Math.min(layoutSize, Math.floor((rank * pieces) / worldSize) * pieceElements);
  return {
    replicated: false,
    ranges: Array.from({ length: worldSize }, (_, rank) => ({ first: elementAt(rank), end: elementAt(rank + 1) })),
  };
}
