/** Lowering of convolutions that keep channels apart: grouped convolutions, one group a channel. */
import type { IrNode, NodeOf } from '../ir/node.ts';
import type { Value } from '../onnx/value.ts';
import { transposedConvolution, windowAttributes } from './convolution.ts';
import type { Lowering } from './lowering.ts';

export function lowerDepthwise(lowering: Lowering, node: NodeOf<'depthwise'>): void {
  const [x, filter] = [lowering.input(node, 0), lowering.input(node, 1)];
  const attributes = windowAttributes(node.operation.geometry, filter.shape[2]);
  const operands = [lowering.channelsFirst(x), groupedFilter(lowering, filter)];
  lowering.setPlain(node, lowering.transpose(lowering.graph.add('Conv', operands, { attributes }), [0, 2, 3, 1]));
}

export function lowerDepthwiseInputGradient(lowering: Lowering, node: NodeOf<'depthwiseInputGradient'>): void {
  const [dy, filter] = [lowering.input(node, 0), lowering.input(node, 1)];
  const gradient = transposedConvolution(
    lowering,
    lowering.channelsFirst(dy),
    groupedFilter(lowering, filter),
    node.operation.geometry,
    dy,
    node.shape,
    filter.shape[2] ?? 1,
  );
  lowering.setPlain(node, lowering.transpose(gradient, [0, 2, 3, 1]));
}

/** [h, w, channels, multiplier] as [channels * multiplier, 1, h, w]. */
function groupedFilter(lowering: Lowering, filter: IrNode): Value {
  const [height = 1, width = 1, channels = 1, multiplier = 1] = filter.shape;
  const ordered = lowering.transpose(lowering.plain(filter), [2, 3, 0, 1]);
  return lowering.reshape(ordered, [channels * multiplier, 1, height, width]);
}
