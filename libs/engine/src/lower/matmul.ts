import type { NodeOf } from '../ir/node.ts';
import { int } from '../onnx/value.ts';
import type { Value } from '../onnx/value.ts';
import type { Lowering } from './lowering.ts';

/** A matrix product is a Gemm, which transposes and adds a bias as it goes; a product of stacks of matrices is a MatMul. */
export function lowerMatmul(lowering: Lowering, node: NodeOf<'matmul'>): void {
  const { graph } = lowering;
  const { transposeA, transposeB } = node.operation;
  const operands = node.inputs.map((input) => lowering.plain(input));
  const rank = node.shape.length;
  if (rank === 2) {
    const attributes = { transA: int(transposeA ? 1 : 0), transB: int(transposeB ? 1 : 0) };
    lowering.setPlain(node, graph.add('Gemm', operands, { attributes }));
    return;
  }
  const leading = Array.from({ length: rank - 2 }, (_, axis) => axis);
  const flip = (value: Value): Value => lowering.transpose(value, [...leading, rank - 1, rank - 2]);
  const [a, b] = [lowering.operand(node, 0), lowering.operand(node, 1)];
  lowering.setPlain(node, graph.add('MatMul', [transposeA ? flip(a) : a, transposeB ? flip(b) : b]));
}
