/**
 * The fixed binary tree along which the sums of a step are added.
 *
 * Float addition is not associative, so the order is part of the protocol. Node (level, index) covers the chunks
 * [index * 2^level, min((index + 1) * 2^level, chunkCount)); a node whose right child would be empty *is* its left child.
 * A contiguous range of chunks is at most 2 * log2(chunkCount) whole nodes, so a trainer sends a few partials, never all.
 */
import { invariant } from './error.ts';

/** A half-open range [first, end) of chunk numbers. */
export interface ChunkRange {
  readonly first: number;
  readonly end: number;
}

/** One node of the tree over the chunks of a step. */
export interface TreeNode {
  readonly level: number;
  readonly index: number;
}

/** The chunks below `node` in a tree over `chunkCount` chunks. */
export function chunksOf(node: TreeNode, chunkCount: number): ChunkRange {
  const width = 2 ** node.level;
  return { first: Math.min(node.index * width, chunkCount), end: Math.min((node.index + 1) * width, chunkCount) };
}

/** The height of the tree over `chunkCount` >= 1 chunks: the level of its root. */
export function rootLevel(chunkCount: number): number {
  invariant(
    Number.isInteger(chunkCount) && chunkCount >= 1,
    `a tree needs at least one chunk, got ${String(chunkCount)}`,
  );
  let level = 0;
  while (2 ** level < chunkCount) level++;
  return level;
}

/** The fewest whole nodes that cover `range`, in chunk order; none for an empty range. */
export function coverRange(range: ChunkRange, chunkCount: number): TreeNode[] {
  invariant(range.end <= chunkCount, `there are ${String(chunkCount)} chunks, not ${String(range.end)}`);
  const nodes: TreeNode[] = [];
  let first = range.first;
  while (first < range.end) {
    let level = 0;
    for (;;) {
      const wider = { level: level + 1, index: Math.floor(first / 2 ** (level + 1)) };
      const covered = chunksOf(wider, chunkCount);
      const grows = covered.first === first && covered.end <= range.end && level < rootLevel(chunkCount);
      if (!grows) break;
      level++;
    }
    const node = { level, index: first / 2 ** level };
    nodes.push(node);
    first = chunksOf(node, chunkCount).end;
  }
  return nodes;
}

/** A total order on nodes of one tree: by first chunk, then by level. */
export function compareNodes(a: TreeNode, b: TreeNode): number {
  return a.index * 2 ** a.level - b.index * 2 ** b.level || a.level - b.level;
}

/**
 * Adds values along the tree as they arrive, in any order: the sum of a node is always left + right.
 *
 * `add(left, right)` returns the sum and may reuse either argument; `add` decides what a value is (a flat buffer, a
 * number, a pair). A part is given once; giving a chunk twice is a bug of the caller.
 */
export class TreeSum<T> {
  readonly #chunkCount: number;
  readonly #add: (left: T, right: T) => T;
  readonly #waiting = new Map<string, T>();
  #covered = 0;
  #root: { readonly value: T } | undefined;

  constructor(chunkCount: number, add: (left: T, right: T) => T) {
    this.#chunkCount = chunkCount;
    this.#add = add;
  }

  /** Whether every chunk has been given. */
  get complete(): boolean {
    return this.#root !== undefined;
  }

  /** How many chunks have been given. */
  get covered(): number {
    return this.#covered;
  }

  /** Takes the sum of `node` and merges it upwards as far as siblings allow. */
  give(node: TreeNode, value: T): void {
    const range = chunksOf(node, this.#chunkCount);
    invariant(range.end > range.first, `node ${String(node.level)}/${String(node.index)} covers no chunk`);
    this.#covered += range.end - range.first;
    invariant(this.#covered <= this.#chunkCount, 'a chunk was given twice');
    const top = rootLevel(this.#chunkCount);
    let { level, index } = node;
    let sum = value;
    while (level < top) {
      const sibling = { level, index: index % 2 === 0 ? index + 1 : index - 1 };
      const siblingRange = chunksOf(sibling, this.#chunkCount);
      if (siblingRange.end > siblingRange.first) {
        const key = nodeKey(sibling);
        const other = this.#waiting.get(key);
        if (other === undefined) {
          invariant(!this.#waiting.has(nodeKey({ level, index })), 'a node was given twice');
          this.#waiting.set(nodeKey({ level, index }), sum);
          return;
        }
        this.#waiting.delete(key);
        sum = index % 2 === 0 ? this.#add(sum, other) : this.#add(other, sum);
      }
      level++;
      index = Math.floor(index / 2);
    }
    this.#root = { value: sum };
  }

  /** The sum of all chunks. Call it only when `complete`. */
  get root(): T {
    invariant(this.#root !== undefined, 'the tree is not complete');
    return this.#root.value;
  }
}

function nodeKey(node: TreeNode): string {
  return `${String(node.level)}/${String(node.index)}`;
}

/** Adds `right` to `left` element by element in float32, in place, and returns `left`. Lengths are equal. */
export function addInPlace(left: Float32Array, right: Float32Array): Float32Array {
  invariant(left.length === right.length, `lengths differ: ${String(left.length)} and ${String(right.length)}`);
  for (let i = 0; i < left.length; i++) left[i] = (left[i] as number) + (right[i] as number);
  return left;
}
