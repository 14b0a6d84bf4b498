import { invariant } from '@weft/core';
import { tensorflow } from '@weft/nn-models';
import { makeNode, type Dtype, type IrNode, type Shape } from '../ir/node.ts';
import type { Operation } from '../ir/operation.ts';
import { traceStore } from './backend.ts';

/** A call of a TF.js kernel, with nodes in the place of tensors. */
export interface KernelCall {
  /** Inputs in the order of TF.js's object; absent optional inputs are left out. */
  readonly inputs: readonly IrNode[];
  readonly named: Readonly<Record<string, IrNode | undefined>>;
  readonly attributes: unknown;
}

/** Turns a call into the node, or for kernels with several results the nodes, that stand for its result. */
export type TraceKernel = (call: KernelCall) => IrNode | readonly IrNode[];

/** Kernels by TF.js's name. */
export type KernelTable = Readonly<Record<string, TraceKernel>>;

/** The input called `name`, which the kernel always has. */
export function inputOf(call: KernelCall, name: string): IrNode {
  const node = call.named[name];
  invariant(node !== undefined, `a kernel was called without its input ${name}`);
  return node;
}

/** A node that belongs to the layer being called. */
export function emit(operation: Operation, inputs: readonly IrNode[], shape: Shape, dtype?: Dtype): IrNode {
  return makeNode(operation, inputs, shape, dtype ?? 'float32', traceStore.layer);
}

/** The shape of `a` and `b` broadcast against each other. */
export function broadcast(a: Shape, b: Shape): Shape {
  return tensorflow().broadcast_util.assertAndGetBroadcastShape([...a], [...b]);
}

/** `axis` of TF.js (one, several, or none for all) as non-negative axes. */
export function axesOf(axis: number | number[] | undefined, shape: Shape): number[] {
  return tensorflow().util.parseAxisParam(axis as unknown as number | number[], [...shape]);
}
