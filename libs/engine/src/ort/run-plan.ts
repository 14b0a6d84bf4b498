/**
 * How the chunks of a request are grouped into runs of a graph. Pure, and without effect on any result: a group is a node
 * of the request's tree, and a graph over a group gives the bits of its chunks one by one.
 */
import type { TreeNode } from '@weft/core';
import type { Program } from '../ir/node.ts';
import { nodesOf } from '../ir/traverse.ts';

/** Consecutive chunks that run together: a whole node of the tree over the request's chunks. */
export interface ChunkGroup {
  readonly node: TreeNode;
  /** Place of the first chunk in the request. */
  readonly first: number;
  readonly sizes: readonly number[];
}

/** Rows up to which chunks of a model without images are joined; more fall out of the processor's cache. */
const rowsTogether = 256;

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

/** Cuts a request into groups of `chunksTogether` (a power of two) chunks, the last one shorter. */
export function groupChunks(chunkSizes: readonly number[], chunksTogether: number): ChunkGroup[] {
  const level = Math.log2(chunksTogether);
  return Array.from({ length: Math.ceil(chunkSizes.length / chunksTogether) }, (_, index) => {
    const first = index * chunksTogether;
    return { node: { level, index }, first, sizes: chunkSizes.slice(first, first + chunksTogether) };
  });
}
