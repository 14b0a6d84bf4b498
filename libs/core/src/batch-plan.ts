/**
 * Which examples a step takes and how they are cut into chunks.
 *
 * Everything here follows from the configuration alone: no number of trainers appears. Nothing is padded, repeated or
 * dropped: the last global batch of an epoch may be short, and so may the last chunk of a step.
 */
import type { ChunkRange } from './reduction-tree.ts';

/** The sizes that fix the plan of an epoch. */
export interface BatchPlan {
  /** Training examples in one epoch. */
  readonly exampleCount: number;
  /** Examples of one step (the last step of an epoch may have fewer). */
  readonly globalBatch: number;
  /** Examples of one chunk (the last chunk of a step may have fewer). */
  readonly chunkSize: number;
}

/** A half-open range of positions [first, end): into an epoch's permutation, or into an evaluation split. */
export interface ExampleRange {
  readonly first: number;
  readonly end: number;
}

/** Steps of one epoch, the short last one included. */
export function stepsPerEpoch(plan: BatchPlan): number {
  return Math.ceil(plan.exampleCount / plan.globalBatch);
}

/** The positions that step `step` (from 0) takes from the epoch's permutation. */
export function examplesOfStep(plan: BatchPlan, step: number): ExampleRange {
  const first = step * plan.globalBatch;
  return { first, end: Math.min(first + plan.globalBatch, plan.exampleCount) };
}

/** How many chunks step `step` is cut into. */
export function chunkCountOfStep(plan: BatchPlan, step: number): number {
  const { first, end } = examplesOfStep(plan, step);
  return Math.ceil((end - first) / plan.chunkSize);
}

/** The positions of chunks [range.first, range.end) of step `step`, as one contiguous range. */
export function examplesOfChunks(plan: BatchPlan, step: number, range: ChunkRange): ExampleRange {
  const { first, end } = examplesOfStep(plan, step);
  return {
    first: Math.min(first + range.first * plan.chunkSize, end),
    end: Math.min(first + range.end * plan.chunkSize, end),
  };
}

/** The sizes of chunks [range.first, range.end) of step `step`, in order. */
export function chunkSizes(plan: BatchPlan, step: number, range: ChunkRange): number[] {
  const sizes: number[] = [];
  for (let chunk = range.first; chunk < range.end; chunk++) {
    const { first, end } = examplesOfChunks(plan, step, { first: chunk, end: chunk + 1 });
    sizes.push(end - first);
  }
  return sizes;
}

/**
 * The chunk size used where the configuration names none. Part of the configuration once chosen: it decides bits.
 *
 * The same for every global batch, so that a step takes as much memory whatever its batch: what a graph computes at one time grows
 * with the chunk. Larger chunks are no faster, since small ones run together where that helps.
 */
export const defaultChunkSize = 32;

/** Equal shares for `worldSize` ranks. */
export function evenShares(worldSize: number): number[] {
  return new Array<number>(worldSize).fill(1);
}

/** Units that the range of a rank has at least, so that it is at most so much off its share. */
const unitsPerRank = 32;

/**
 * Splits `chunkCount` chunks over the ranks into contiguous ranges, in rank order, in proportion to `shares` (positive
 * integers, one a rank). With equal shares sizes differ by at most one; ranks may get empty ranges.
 *
 * Where there are many chunks, ranges begin at multiples of a power of two, and sizes differ by as much: a range is then few subtrees
 * of the reduction tree, and what a rank keeps and sends does not grow with the number of chunks.
 */
export function assignChunks(chunkCount: number, shares: readonly number[]): ChunkRange[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  const unit = 2 ** Math.max(0, Math.floor(Math.log2(chunkCount / (shares.length * unitsPerRank))));
  const boundaryAfter = (before: number): number => {
    const exact = (before * chunkCount) / total;
    if (before === total) return chunkCount;
    return Math.min(chunkCount, Math.floor((exact + (unit - 1) / 2) / unit) * unit);
  };
  let before = 0;
  return shares.map((share) => {
    const first = boundaryAfter(before);
    before += share;
    return { first, end: boundaryAfter(before) };
  });
}
