/**
 * The state of one lowering: for each node of the program the ONNX values that hold it.
 *
 * Values are NHWC, one to one with TF.js. Convolutions run in the blocked layout of ONNX Runtime's CPU kernels (channels in
 * blocks, `com.microsoft.nchwc`), and what works element by element or channel by channel on their results stays in it. So a
 * 4-D value has a plain form, a blocked form, or both, each made when it is first asked for; no pass decides on layouts.
 * What form a value is computed in follows from the operations before it alone, never from who else reads it: the bits of
 * a chunk may not depend on its neighbours.
 */
import { invariant } from '@weft/core';
import { sizeOf, splatValue, type Dtype, type IrNode, type Shape } from '../ir/node.ts';
import { GraphBuilder } from '../onnx/graph.ts';
import { int, ints, type Value } from '../onnx/value.ts';

export const blockedDomain = 'com.microsoft.nchwc';

export interface LoweringOptions {
  /** Channels in a block of the blocked layout; undefined where the engine has none, and plain convolutions are used. */
  readonly blockSize: number | undefined;
}

/** How a value lies in memory: row-major in its node's shape, or channels in blocks. */
export type Form = 'plain' | 'blocked';

export class Lowering {
  readonly graph: GraphBuilder = new GraphBuilder();
  readonly blockSize: number | undefined;
  readonly #uses: ReadonlyMap<IrNode, readonly IrNode[]>;
  readonly #plain = new Map<IrNode, Value>();
  readonly #blocked = new Map<IrNode, Value>();
  readonly #computedBlocked = new Set<IrNode>();
  readonly #reshaped = new Map<Value, { readonly value: Value; readonly shape: Shape }>();

  constructor(uses: ReadonlyMap<IrNode, readonly IrNode[]>, options: LoweringOptions) {
    this.#uses = uses;
    this.blockSize = options.blockSize;
  }

  setPlain(node: IrNode, value: Value): void {
    this.#plain.set(node, value);
  }

  setBlocked(node: IrNode, value: Value): void {
    this.#blocked.set(node, value);
    this.#computedBlocked.add(node);
  }

  set(node: IrNode, form: Form, value: Value): void {
    if (form === 'blocked') this.setBlocked(node, value);
    else this.setPlain(node, value);
  }

  /** Whether `node` has a value already: lowering another may have made it too. */
  isLowered(node: IrNode): boolean {
    return this.#plain.has(node) || this.#blocked.has(node);
  }

  /** Whether `node` was computed in the blocked layout. */
  isBlocked(node: IrNode): boolean {
    return this.#computedBlocked.has(node);
  }

  /** The nodes that read `node`. */
  usesOf(node: IrNode): readonly IrNode[] {
    return this.#uses.get(node) ?? [];
  }

  /** The input of `node` in place `index`, which it always has. */
  input(node: IrNode, index: number): IrNode {
    const input = node.inputs[index];
    invariant(input !== undefined, `${node.operation.op} has no input ${String(index)}`);
    return input;
  }

  /** The value of `node`, row-major in the node's own shape. */
  plain(node: IrNode): Value {
    const known = this.#plain.get(node);
    if (known !== undefined) return known;
    const blocked = this.#blocked.get(node);
    invariant(blocked !== undefined, `${node.operation.op} was not lowered before it was read`);
    const attributes = { channels: int(node.shape[3] ?? 0), channels_last: int(1) };
    const value = this.graph.add('ReorderOutput', [blocked], { attributes, domain: blockedDomain });
    this.#plain.set(node, value);
    return value;
  }

  /** The plain value of input `index` of `node`. */
  operand(node: IrNode, index: number): Value {
    return this.plain(this.input(node, index));
  }

  /** The value of `node` in a form, or a scalar where it is a constant with equal elements. */
  scalarOr(node: IrNode, form: Form): Value {
    const value = splatValue(node);
    return value === undefined ? this.value(node, form) : this.constantOf(node.dtype, [], [value]);
  }

  value(node: IrNode, form: Form): Value {
    return form === 'blocked' ? this.blocked(node) : this.plain(node);
  }

  /** The value of a 4-D node in the blocked layout. */
  blocked(node: IrNode): Value {
    const known = this.#blocked.get(node);
    if (known !== undefined) return known;
    const attributes = { channels_last: int(1) };
    const value = this.graph.add('ReorderInput', [this.plain(node)], { attributes, domain: blockedDomain });
    this.#blocked.set(node, value);
    return value;
  }

  /** The value of a 4-D node as [n, c, h, w]. */
  channelsFirst(node: IrNode): Value {
    const [n = 1, h = 1, w = 1, c = 1] = node.shape;
    if (this.isBlocked(node)) {
      return this.graph.add('ReorderOutput', [this.blocked(node)], {
        attributes: { channels: int(c) },
        domain: blockedDomain,
      });
    }
    if (c === 1) return this.reshape(this.plain(node), [n, 1, h, w]);
    return this.transpose(this.plain(node), [0, 3, 1, 2]);
  }

  /** Whether a number of channels fills whole blocks. */
  fillsBlocks(channels: number): boolean {
    return this.blockSize !== undefined && channels % this.blockSize === 0;
  }

  /**
   * `value` in another shape. Where its own shape is given, an output of the graph may be `value` itself: outputs are written to
   * flat memory, and to change the shape of one takes a copy.
   */
  reshape(value: Value, shape: Shape, from?: Shape): Value {
    const reshaped = this.graph.add('Reshape', [value, this.graph.int64s(shape)]);
    if (from !== undefined) this.#reshaped.set(reshaped, { value, shape: from });
    return reshaped;
  }

  /** The elements of `node`, row-major, as the graph gives them with the least work; the shape has as many elements as the node's. */
  flat(node: IrNode): { readonly value: Value; readonly shape: Shape } {
    const value = this.plain(node);
    return this.#reshaped.get(value) ?? { value, shape: node.shape };
  }

  transpose(value: Value, permutation: readonly number[]): Value {
    return this.graph.add('Transpose', [value], { attributes: { perm: ints(permutation) } });
  }

  toFloat(value: Value): Value {
    return this.graph.add('Cast', [value], { attributes: { to: int(1) }, type: 'float32' });
  }

  /** Elements [begin, end) along `axes`, every `step`th. */
  slice(
    value: Value,
    axes: readonly number[],
    begin: readonly number[],
    end: readonly number[],
    step?: readonly number[],
  ): Value {
    const { graph } = this;
    const bounds = [graph.int64s(begin), graph.int64s(end), graph.int64s(axes)];
    return graph.add('Slice', [value, ...bounds, ...(step === undefined ? [] : [graph.int64s(step)])]);
  }

  constantOf(dtype: Dtype, shape: Shape, values: readonly number[]): Value {
    invariant(values.length === sizeOf(shape), 'a constant has a value for each element');
    const typed =
      dtype === 'float32'
        ? Float32Array.from(values)
        : dtype === 'int32'
          ? Int32Array.from(values)
          : Uint8Array.from(values);
    return this.graph.constant(dtype, shape, typed);
  }
}
