/**
 * The intermediate representation: a traced program as a graph of typed nodes, in TF.js's terms (NHWC, HWIO).
 *
 * Nodes are immutable and ids grow, so that a node's inputs always have smaller ids than the node: nodes sorted by id are
 * in topological order, and in the order in which the model computed them.
 */
import type { Operation } from './operation.ts';

export type Dtype = 'float32' | 'int32' | 'uint8' | 'bool';

export type Shape = readonly number[];

export interface IrNode<O extends Operation = Operation> {
  readonly id: number;
  readonly operation: O;
  readonly inputs: readonly IrNode[];
  readonly shape: Shape;
  readonly dtype: Dtype;
  /** Path of the layer that was being called when the node was made, for messages; empty in the gradient. */
  readonly layer: string;
}

/** A node whose operation is known to be `Name`. */
export type NodeOf<Name extends Operation['op']> = IrNode<Extract<Operation, { readonly op: Name }>>;

/** A program: its results, by name. Its inputs are the `input` nodes that are reachable. */
export interface Program {
  readonly outputs: readonly ProgramOutput[];
}

export interface ProgramOutput {
  readonly name: string;
  readonly node: IrNode;
}

let nextId = 0;

export function makeNode<O extends Operation>(
  operation: O,
  inputs: readonly IrNode[],
  shape: Shape,
  dtype: Dtype = 'float32',
  layer = '',
): IrNode<O> {
  return { id: nextId++, operation, inputs, shape, dtype, layer };
}

/** Whether `node` is a `name`; narrows its type. */
export function is<Name extends Operation['op']>(node: IrNode | undefined, name: Name): node is NodeOf<Name> {
  return node?.operation.op === name;
}

/** A constant of which every element is `value`. */
export function splat(value: number, shape: Shape = [], dtype: Dtype = 'float32'): NodeOf<'splat'> {
  return makeNode({ op: 'splat', value }, [], shape, dtype);
}

/** The value of `node` where it is a constant with equal elements. */
export function splatValue(node: IrNode | undefined): number | undefined {
  return is(node, 'splat') ? node.operation.value : undefined;
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}
