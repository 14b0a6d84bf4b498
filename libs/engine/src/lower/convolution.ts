/**
 * Lowering of convolutions and of their gradient with respect to the input: in the blocked layout where channels fill whole
 * blocks, else in ONNX's own.
 */
import type { ConvolutionGeometry } from '../ir/geometry.ts';
import type { IrNode, NodeOf, Shape } from '../ir/node.ts';
import { int, ints, text, type Attribute, type Value } from '../onnx/value.ts';
import { blockedFilter, blockedRotatedFilter, partlyBlockedFilter, rotatedFilter } from './filter-layout.ts';
import { isGathered, lowerGatheredConv, lowerGatheredInputGradient } from './gathered-convolution.ts';
import { blockedDomain, type Lowering } from './lowering.ts';

export function windowAttributes(geometry: ConvolutionGeometry, group = 1): Record<string, Attribute> {
  return {
    kernel_shape: ints(geometry.window),
    strides: ints(geometry.strides),
    dilations: ints(geometry.dilations),
    pads: ints(geometry.padding),
    group: int(group),
  };
}

export function lowerConv(lowering: Lowering, node: NodeOf<'conv'>): void {
  const { graph } = lowering;
  const { geometry, activation } = node.operation;
  const [x, filter] = [lowering.input(node, 0), lowering.input(node, 1)];
  if (isGathered(lowering, filter, node.shape)) {
    lowerGatheredConv(lowering, node);
    return;
  }
  const [, , channelsIn = 1, channelsOut = 1] = filter.shape;
  const bias = node.inputs[2] === undefined ? [] : [lowering.plain(node.inputs[2])];
  const attributes = windowAttributes(geometry);
  const isShallow = lowering.blockSize !== undefined && channelsIn < lowering.blockSize;
  if (lowering.fillsBlocks(channelsOut) && (isShallow || lowering.fillsBlocks(channelsIn))) {
    // Few input channels are read as they are, [n, c, h, w].
    const operands = isShallow
      ? [lowering.channelsFirst(x), partlyBlockedFilter(lowering, filter)]
      : [lowering.blocked(x), blockedFilter(lowering, filter)];
    const fused = activation === 'relu' ? { activation: text('Relu') } : {};
    const options = { attributes: { ...attributes, ...fused }, domain: blockedDomain };
    lowering.setBlocked(node, graph.add('Conv', [...operands, ...bias], options));
    return;
  }
  const ordered = lowering.transpose(lowering.plain(filter), [3, 2, 0, 1]);
  const product = graph.add('Conv', [lowering.channelsFirst(x), ordered, ...bias], { attributes });
  const value = activation === 'relu' ? graph.add('Relu', [product]) : product;
  lowering.setPlain(node, lowering.transpose(value, [0, 2, 3, 1]));
}

/** With strides of one it is a convolution with the rotated filter; with others, a transposed convolution. */
export function lowerConvInputGradient(lowering: Lowering, node: NodeOf<'convInputGradient'>): void {
  const { graph } = lowering;
  const { geometry } = node.operation;
  const [dy, filter] = [lowering.input(node, 0), lowering.input(node, 1)];
  if (isGathered(lowering, filter, node.shape)) {
    lowerGatheredInputGradient(lowering, node);
    return;
  }
  const [, , channelsIn = 1, channelsOut = 1] = filter.shape;
  const mirrored = mirror(geometry);
  if (mirrored === undefined) {
    const ordered = lowering.transpose(lowering.plain(filter), [3, 2, 0, 1]);
    const gradient = transposedConvolution(lowering, lowering.channelsFirst(dy), ordered, geometry, dy, node.shape, 1);
    lowering.setPlain(node, lowering.transpose(gradient, [0, 2, 3, 1]));
    return;
  }
  const attributes = windowAttributes(mirrored);
  if (lowering.fillsBlocks(channelsIn) && lowering.fillsBlocks(channelsOut)) {
    const operands = [lowering.blocked(dy), blockedRotatedFilter(lowering, filter)];
    lowering.setBlocked(node, graph.add('Conv', operands, { attributes, domain: blockedDomain }));
    return;
  }
  const gradient = graph.add('Conv', [lowering.channelsFirst(dy), rotatedFilter(lowering, filter)], { attributes });
  lowering.setPlain(node, lowering.transpose(gradient, [0, 2, 3, 1]));
}

/** The geometry of the convolution with the rotated filter that is the gradient; undefined where there is none. */
function mirror(geometry: ConvolutionGeometry): ConvolutionGeometry | undefined {
  const { window, strides, dilations, padding } = geometry;
  if (strides[0] !== 1 || strides[1] !== 1) return undefined;
  const [height, width] = [(window[0] - 1) * dilations[0], (window[1] - 1) * dilations[1]];
  const [top, left, bottom, right] = padding;
  const mirrored = [height - top, width - left, height - bottom, width - right] as const;
  return mirrored.every((size) => size >= 0) ? { ...geometry, padding: mirrored } : undefined;
}

/** A transposed convolution of `dy` ([n, c, h, w] as `value`) whose result has the height and width of `shape` (NHWC). */
export function transposedConvolution(
  lowering: Lowering,
  value: Value,
  filter: Value,
  geometry: ConvolutionGeometry,
  dy: Pick<IrNode, 'shape'>,
  shape: Shape,
  group: number,
): Value {
  const { window, strides, dilations, padding } = geometry;
  const [top, left, bottom, right] = padding;
  const around = [top + bottom, left + right] as const;
  // Rows and columns that no window reached.
  const rest = ([0, 1] as const).map((axis) => {
    const reached = ((dy.shape[axis + 1] ?? 1) - 1) * strides[axis] + (window[axis] - 1) * dilations[axis] + 1;
    return (shape[axis + 1] ?? 1) - (reached - around[axis]);
  });
  const attributes = { ...windowAttributes(geometry, group), output_padding: ints(rest) };
  return lowering.graph.add('ConvTranspose', [value, filter], { attributes });
}
