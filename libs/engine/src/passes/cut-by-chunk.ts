/**
 * Turns a program over rows into one over chunks of rows: what is computed row by row stays whole, what sums over examples
 * is cut into one operation a chunk, each of exactly the shape that it has when the chunk is run alone, and the chunks'
 * contributions are added along the reduction tree. So a graph over many chunks gives the bits of the chunks one by one.
 *
 * Rows beyond the chunks are padding: a lone row would take another path through a matrix product than rows together do,
 * so a program never has fewer than two.
 */
import { invariant, WeftError } from '@weft/core';
import { makeNode, sameShape, splat, splatValue, type IrNode, type Program, type ProgramOutput } from '../ir/node.ts';
import { nodesOf } from '../ir/traverse.ts';
import { flowOf, isElementwise, isProduct, isRowSeparable, type Flow } from './row-flow.ts';

/** What becomes of an output of the traced program. */
export type OutputKind =
  /** Chunks' values are added along the tree. */
  | 'sum'
  /** Chunks' values, each times its chunk's size, are added along the tree. */
  | 'weightedSum'
  /** A value a row stays one; nothing is added. */
  | 'rows';

/** How many rows a program over `chunkSizes` is traced with. */
export function rowsOfChunks(chunkSizes: readonly number[]): number {
  return Math.max(
    2,
    chunkSizes.reduce((sum, size) => sum + size, 0),
  );
}

/** Whether rows stay in order throughout `program`, so that it can be cut. */
export function isCuttable(program: Program, rows: number): boolean {
  return flowsOf(program, rows) !== undefined;
}

/**
 * Cuts `program`, traced with `rowsOfChunks(chunkSizes)` rows. Throws 'incompatible' where the program cannot be cut, unless
 * there is one chunk that is all rows.
 */
export function cutByChunk(
  program: Program,
  chunkSizes: readonly number[],
  kindOf: (name: string) => OutputKind,
): Program {
  const rows = rowsOfChunks(chunkSizes);
  const flows = flowsOf(program, rows);
  if (flows === undefined) return uncut(program, chunkSizes, rows, kindOf);
  const cutter = new Cutter(flows, chunkSizes, rows);
  const join = (output: ProgramOutput): ProgramOutput => {
    const kind = kindOf(output.name);
    if (kind === 'rows') return { name: output.name, node: cutter.whole(output.node) };
    return joinChunks(output, cutter.parts(output.node), chunkSizes, kind);
  };
  return { outputs: program.outputs.map(join) };
}

function uncut(
  program: Program,
  chunkSizes: readonly number[],
  rows: number,
  kindOf: (name: string) => OutputKind,
): Program {
  if (chunkSizes.length !== 1 || chunkSizes[0] !== rows) {
    throw new WeftError(
      'incompatible',
      'the model moves the batch axis, so that chunks of one example cannot be compiled; choose a chunk size that leaves none',
    );
  }
  return {
    outputs: program.outputs.map((output) => joinChunks(output, [output.node], chunkSizes, kindOf(output.name))),
  };
}

function flowsOf(program: Program, rows: number): Map<IrNode, Flow> | undefined {
  const flows = new Map<IrNode, Flow>();
  for (const node of nodesOf(program)) {
    const flow = flowOf(
      node,
      node.inputs.map((input) => flows.get(input) ?? 'fixed'),
      rows,
    );
    if (flow === undefined) return undefined;
    flows.set(node, flow);
  }
  return flows;
}

class Cutter {
  readonly #flows: ReadonlyMap<IrNode, Flow>;
  readonly #sizes: readonly number[];
  readonly #rows: number;
  readonly #whole = new Map<IrNode, IrNode>();
  readonly #parts = new Map<IrNode, readonly IrNode[]>();

  constructor(flows: ReadonlyMap<IrNode, Flow>, sizes: readonly number[], rows: number) {
    this.#flows = flows;
    this.#sizes = sizes;
    this.#rows = rows;
    // In topological order, so that new nodes are in order too.
    for (const node of flows.keys()) this.#place(node);
  }

  /** The value of `node` for each chunk. */
  parts(node: IrNode): readonly IrNode[] {
    const known = this.#parts.get(node);
    if (known !== undefined) return known;
    const whole = this.whole(node);
    const flow = this.#flows.get(node);
    const parts = flow === 'rows' ? this.#slices(whole) : this.#sizes.map(() => whole);
    this.#parts.set(node, parts);
    return parts;
  }

  /** The value of `node` over all rows. */
  whole(node: IrNode): IrNode {
    const known = this.#whole.get(node);
    if (known !== undefined) return known;
    const parts = this.#parts.get(node);
    invariant(
      parts !== undefined && this.#flows.get(node) === 'rows',
      `${node.operation.op} has no value over all rows`,
    );
    const given = this.#sizes.reduce((sum, size) => sum + size, 0);
    const padding = given === this.#rows ? [] : [splat(0, this.#resized(node.shape, this.#rows - given), node.dtype)];
    const whole = concatenateRows([...parts, ...padding], node);
    this.#whole.set(node, whole);
    return whole;
  }

  #place(node: IrNode): void {
    const flow = this.#flows.get(node) ?? 'fixed';
    if (flow === 'fixed' || node.operation.op === 'input') {
      this.#whole.set(node, node);
      return;
    }
    const cutInput = node.inputs.some((input) => !this.#whole.has(input));
    const stays = flow === 'rows' && isRowSeparable(node) && (isProduct(node) || !cutInput);
    if (stays) {
      const inputs = node.inputs.map((input) => this.whole(input));
      this.#whole.set(node, makeNode(node.operation, inputs, node.shape, node.dtype, node.layer));
      return;
    }
    const aligned = isElementwise(node) || node.operation.op === 'concat';
    const inputs = node.inputs.map((input) =>
      this.#isFixedRows(input, node, aligned) ? this.#slices(input) : this.parts(input),
    );
    this.#parts.set(
      node,
      this.#sizes.map((size, chunk) =>
        this.#part(
          node,
          flow,
          size,
          inputs.map((parts) => parts[chunk] ?? node),
        ),
      ),
    );
  }

  #part(node: IrNode, flow: Flow, size: number, inputs: readonly IrNode[]): IrNode {
    const shape = flow === 'rows' ? this.#resized(node.shape, size) : node.shape;
    const { operation } = node;
    const resized = operation.op === 'slice' && flow === 'rows' ? { ...operation, size: shape } : operation;
    return makeNode(resized, inputs, shape, node.dtype, node.layer);
  }

  /** A fixed operand with a row for each row of the other operand is cut with it. */
  #isFixedRows(input: IrNode, node: IrNode, aligned: boolean): boolean {
    return (
      aligned &&
      this.#flows.get(input) === 'fixed' &&
      this.#flows.get(node) === 'rows' &&
      input.shape.length === node.shape.length &&
      input.shape[0] === node.shape[0]
    );
  }

  #slices(whole: IrNode): IrNode[] {
    let offset = 0;
    return this.#sizes.map((size) => {
      const shape = this.#resized(whole.shape, size);
      const begin = shape.map((_, axis) => (axis === 0 ? offset : 0));
      offset += shape[0] ?? 0;
      if (sameShape(shape, whole.shape)) return whole;
      const value = splatValue(whole);
      if (value !== undefined) return splat(value, shape, whole.dtype);
      return makeNode({ op: 'slice', begin, size: shape }, [whole], shape, whole.dtype, whole.layer);
    });
  }

  #resized(shape: readonly number[], rows: number): number[] {
    return shape.map((length, axis) => (axis === 0 ? (length / this.#rows) * rows : length));
  }
}

function concatenateRows(parts: readonly IrNode[], like: IrNode): IrNode {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  return makeNode({ op: 'concat', axis: 0 }, parts, like.shape, like.dtype, like.layer);
}

function joinChunks(
  { name, node }: ProgramOutput,
  parts: readonly IrNode[],
  sizes: readonly number[],
  kind: OutputKind,
): ProgramOutput {
  if (kind === 'rows') return { name, node };
  if (kind === 'sum') return { name, node: addAlongTree(parts) };
  const weighted = parts.map((part, chunk) =>
    makeNode({ op: 'binary', fn: 'mul' }, [part, splat(sizes[chunk] ?? 0)], part.shape, part.dtype),
  );
  return { name, node: addAlongTree(weighted) };
}

/** Adds neighbours, level by level; a last one without neighbour goes up as it is. The order of core's reduction tree. */
function addAlongTree(parts: readonly IrNode[]): IrNode {
  let level = [...parts];
  while (level.length > 1) {
    const next: IrNode[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      invariant(left !== undefined, 'a level of the tree has no holes');
      next.push(
        right === undefined ? left : makeNode({ op: 'binary', fn: 'add' }, [left, right], left.shape, left.dtype),
      );
    }
    level = next;
  }
  const [root] = level;
  invariant(root !== undefined, 'a tree has at least one chunk');
  return root;
}
