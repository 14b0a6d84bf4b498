/**
 * How a request is cut into runs of graphs. Chunks are joined into groups without effect on any result: a group is a node of
 * the request's tree, and a graph over it gives the bits of its chunks one by one. Large chunks are cut into pieces, which is
 * part of what a chunk's bits are: how depends on the model and on the size of the chunk alone. Pure.
 */
import { invariant, type TreeNode } from '@weft/core';
import type { Program } from '../ir/node.ts';
import { nodesOf } from '../ir/traverse.ts';

/** What runs together: consecutive chunks, or a piece of one chunk. A whole node of the tree over the request's pieces. */
export interface ChunkGroup {
  readonly node: TreeNode;
  /** Place of the first piece in the request; where no chunk is cut, of the first chunk. */
  readonly first: number;
  readonly sizes: readonly number[];
  /** Place of the first chunk in the request, and how many of its rows earlier pieces hold. */
  readonly firstChunk: number;
  readonly firstRow: number;
}

/** Rows up to which chunks of a model without images are joined; more fall out of the processor's cache. */
const rowsTogether = 256;

/** Rows of the largest chunk that is not cut: memory grows with the rows of a graph, and nothing runs faster beyond. */
export const largestPiece = 256;

/**
 * How many chunks of `chunkSize` examples run together: a power of two, at least one.
 *
 * Models of matrix products gain two to four times from running over many rows at once. Convolutions do not: one chunk's
 * images fill the cache, so they run chunk by chunk; and so do models with statistics of a chunk (batch normalization),
 * where everything after the first of them would be cut into chunks anyway.
 */
export function chunksPerRun(program: Program, chunkSize: number): number {
  if (runsAlone(program)) return 1;
  let chunks = 1;
  while (chunks * 2 * chunkSize <= rowsTogether) chunks *= 2;
  return chunks;
}

function runsAlone(program: Program): boolean {
  return nodesOf(program).some(({ operation }) => /^(conv|depthwise|maxPool|averagePool)/.test(operation.op));
}

/** Cuts a request into groups of `chunksTogether` (a power of two) whole chunks, the last one shorter. */
export function groupChunks(chunkSizes: readonly number[], chunksTogether: number): ChunkGroup[] {
  const level = Math.log2(chunksTogether);
  return Array.from({ length: Math.ceil(chunkSizes.length / chunksTogether) }, (_, index) => {
    const first = index * chunksTogether;
    const sizes = chunkSizes.slice(first, first + chunksTogether);
    return { node: { level, index }, first, sizes, firstChunk: first, firstRow: 0 };
  });
}

/**
 * Cuts each chunk into pieces of at most `most` rows, each a group by itself: into the least power of two, of sizes
 * that differ by one at most. So the tree over all pieces is the tree over the chunks, each of which ends in the tree over its
 * own pieces; for that all chunks but the last, which may be smaller, must be cut into equally many.
 */
export function cutChunks(chunkSizes: readonly number[], most: number): ChunkGroup[] {
  const groups: ChunkGroup[] = [];
  const [pieces = 1] = chunkSizes.map((size) => pieceCount(size, most));
  chunkSizes.forEach((size, chunk) => {
    const count = pieceCount(size, most);
    const isLast = chunk === chunkSizes.length - 1;
    invariant(
      count === pieces || (isLast && count < pieces),
      'all chunks but the last, which may be smaller, are of one size',
    );
    for (let piece = 0; piece < count; piece++) {
      const firstRow = Math.floor((piece * size) / count);
      const sizes = [Math.floor(((piece + 1) * size) / count) - firstRow];
      const first = groups.length;
      groups.push({ node: { level: 0, index: first }, first, sizes, firstChunk: chunk, firstRow });
    }
  });
  return groups;
}

function pieceCount(size: number, most: number): number {
  let count = 1;
  while (count * most < size) count *= 2;
  return count;
}
