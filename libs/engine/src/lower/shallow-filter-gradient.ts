/**
 * Gradients with respect to filters over few channels, as those of a first layer, as one matrix product: what lies under each
 * tap at all places of all examples makes a row, and the rows meet the gradient as it is, channels last.
 *
 * As a convolution over places, like those of deeper filters, the product would be too narrow to use the processor.
 */
import type { NodeOf } from '../ir/node.ts';
import { int } from '../onnx/value.ts';
import type { Lowering } from './lowering.ts';

/** Weights of one output channel up to which a filter is shallow. */
const mostWeights = 32;

export function isShallow(lowering: Lowering, node: NodeOf<'convFilterGradient'>): boolean {
  const [height = 1, width = 1, channelsIn = 1] = node.shape;
  return lowering.blockSize !== undefined && height * width * channelsIn <= mostWeights;
}

export function lowerShallowFilterGradient(lowering: Lowering, node: NodeOf<'convFilterGradient'>): void {
  const { graph } = lowering;
  const { window, strides, dilations, padding } = node.operation.geometry;
  const [x, dy] = [lowering.input(node, 0), lowering.input(node, 1)];
  const [examples = 1, height = 1, width = 1, input = 1] = x.shape;
  const [, outHeight = 1, outWidth = 1, output = 1] = dy.shape;
  const [top, left, bottom, right] = padding;
  const byChannel =
    input === 1
      ? lowering.reshape(lowering.plain(x), [1, examples, height, width])
      : lowering.transpose(lowering.plain(x), [3, 0, 1, 2]);
  const pads = [0, 0, top, left, 0, 0, bottom, right];
  const image = pads.some((size) => size !== 0) ? graph.add('Pad', [byChannel, graph.int64s(pads)]) : byChannel;
  const taps = Array.from({ length: window[0] * window[1] }, (_, tap) => {
    const begin = [Math.floor(tap / window[1]) * dilations[0], (tap % window[1]) * dilations[1]] as const;
    const end = [begin[0] + (outHeight - 1) * strides[0] + 1, begin[1] + (outWidth - 1) * strides[1] + 1];
    return lowering.slice(image, [2, 3], begin, end, strides);
  });
  const places = examples * outHeight * outWidth;
  const rows = lowering.reshape(graph.add('Concat', taps, { attributes: { axis: int(0) } }), [
    taps.length * input,
    places,
  ]);
  const product = graph.add('Gemm', [rows, lowering.reshape(lowering.plain(dy), [places, output])]);
  lowering.setPlain(node, lowering.reshape(product, node.shape));
}
