/** Lowers a program to an ONNX graph: one table from operation to the function of its family. */
import type { IrNode, Program, Shape } from '../ir/node.ts';
import type { Operation } from '../ir/operation.ts';
import { nodesOf, usesOf } from '../ir/traverse.ts';
import type { Graph } from '../onnx/graph.ts';
import { lowerConv, lowerConvInputGradient } from './convolution.ts';
import { lowerDepthwise, lowerDepthwiseInputGradient } from './depthwise.ts';
import { lowerBinary, lowerClip, lowerCompare, lowerLogical, lowerSelect, lowerUnary } from './elementwise.ts';
import { lowerConvFilterGradient, lowerDepthwiseFilterGradient } from './filter-gradient.ts';
import { Lowering, type LoweringOptions } from './lowering.ts';
import { lowerMatmul } from './matmul.ts';
import { lowerAveragePool, lowerAveragePoolGradient, lowerMaxPool, lowerMaxPoolGradient } from './pool.ts';
import { lowerArgmax, lowerReduce, lowerSoftmax } from './reduction.ts';
import {
  lowerCast,
  lowerConcat,
  lowerConstant,
  lowerGatherClass,
  lowerInput,
  lowerOneHot,
  lowerPad,
  lowerReshape,
  lowerSlice,
  lowerSplat,
  lowerTile,
  lowerTranspose,
} from './shape.ts';

/** Part of every engine's fingerprint: raise it with any change that can change bits. */
export const loweringVersion = 4;

/** An output of a program as the graph gives it. */
export interface LoweredOutput {
  /** Name in the program. */
  readonly name: string;
  /** Name in the graph. */
  readonly value: string;
  /** In the graph; the node's own may differ, with as many elements. */
  readonly shape: Shape;
}

export interface LoweredProgram {
  readonly graph: Graph;
  readonly outputs: readonly LoweredOutput[];
}

type LoweringTable = {
  readonly [Name in Operation['op']]: (
    lowering: Lowering,
    node: IrNode<Extract<Operation, { readonly op: Name }>>,
  ) => void;
};

const table: LoweringTable = {
  input: lowerInput,
  constant: lowerConstant,
  splat: lowerSplat,
  unary: lowerUnary,
  binary: lowerBinary,
  compare: lowerCompare,
  logical: lowerLogical,
  select: lowerSelect,
  clip: lowerClip,
  cast: lowerCast,
  reshape: lowerReshape,
  transpose: lowerTranspose,
  tile: lowerTile,
  pad: lowerPad,
  slice: lowerSlice,
  concat: lowerConcat,
  reduce: lowerReduce,
  argmax: lowerArgmax,
  softmax: lowerSoftmax,
  logSoftmax: lowerSoftmax,
  gatherClass: lowerGatherClass,
  oneHot: lowerOneHot,
  matmul: lowerMatmul,
  conv: lowerConv,
  convInputGradient: lowerConvInputGradient,
  convFilterGradient: lowerConvFilterGradient,
  depthwise: lowerDepthwise,
  depthwiseInputGradient: lowerDepthwiseInputGradient,
  depthwiseFilterGradient: lowerDepthwiseFilterGradient,
  maxPool: lowerMaxPool,
  maxPoolGradient: lowerMaxPoolGradient,
  averagePool: lowerAveragePool,
  averagePoolGradient: lowerAveragePoolGradient,
};

/** The ONNX graph of `program`. Its inputs have the names of the program's inputs; those that nothing reads are left out. */
export function lower(program: Program, options: LoweringOptions): LoweredProgram {
  const lowering = new Lowering(usesOf(program), options);
  for (const node of nodesOf(program)) {
    // The table pairs each operation with its own function; TypeScript cannot follow that through an index.
    const lowerNode = table[node.operation.op] as (lowering: Lowering, node: IrNode) => void;
    lowerNode(lowering, node);
  }
  const outputs = program.outputs.map(({ name, node }) => {
    const { value, shape } = lowering.flat(node);
    return { name, value: lowering.graph.output(value, shape), shape };
  });
  return { graph: lowering.graph.build(), outputs };
}
