/**
 * Convolutions over small images as one matrix product over all examples: each row holds what lies under the window at one
 * place, gathered tap by tap, and the filter is read in TF.js's own layout.
 *
 * The runtime's blocked convolution works on runs of places along a row of the image; where rows are a few places short, and
 * padding cuts those, a product over gathered rows is up to three times faster, though it multiplies the padding too.
 */
import type { ConvolutionGeometry, Pair } from '../ir/geometry.ts';
import { sameShape, type IrNode, type NodeOf } from '../ir/node.ts';
import { int, type Value } from '../onnx/value.ts';
import type { Lowering } from './lowering.ts';

/** Places of an image up to which it is small. */
const mostPlaces = 49;
/** Channels from which on gathering them costs little beside the product. */
const fewestChannels = 128;

/** Whether the convolution `filter` over or to images of `shape` (NHWC) is computed from gathered rows. */
export function isGathered(lowering: Lowering, filter: IrNode, shape: readonly number[]): boolean {
  const [, height = 1, width = 1] = shape;
  const [, , channelsIn = 1, channelsOut = 1] = filter.shape;
  const isWide = [channelsIn, channelsOut].every((channels) => channels >= fewestChannels);
  return lowering.fillsBlocks(channelsIn) && isWide && height * width <= mostPlaces;
}

export function lowerGatheredConv(lowering: Lowering, node: NodeOf<'conv'>): void {
  const { geometry, activation } = node.operation;
  const [x, filter] = [lowering.input(node, 0), lowering.input(node, 1)];
  const [height = 1, width = 1, channelsIn = 1, channelsOut = 1] = filter.shape;
  const bias = node.inputs[2] === undefined ? [] : [lowering.plain(node.inputs[2])];
  const rows = gatherRows(lowering, x, node, geometry.window, (axis, place, tap) => {
    return place * geometry.strides[axis] - before(geometry, axis) + tap * geometry.dilations[axis];
  });
  const matrix = lowering.reshape(lowering.plain(filter), [height * width * channelsIn, channelsOut]);
  const product = lowering.graph.add('Gemm', [rows, matrix, ...bias]);
  const value = activation === 'relu' ? lowering.graph.add('Relu', [product]) : product;
  lowering.setPlain(node, lowering.reshape(value, node.shape));
}

/** Each place of the input gathers the gradients that it took part in. */
export function lowerGatheredInputGradient(lowering: Lowering, node: NodeOf<'convInputGradient'>): void {
  const { geometry } = node.operation;
  const [dy, filter] = [lowering.input(node, 0), lowering.input(node, 1)];
  const [height = 1, width = 1, channelsIn = 1, channelsOut = 1] = filter.shape;
  const taps = height * width;
  const rows = gatherRows(lowering, dy, node, geometry.window, (axis, place, tap) => {
    return (place + before(geometry, axis) - tap * geometry.dilations[axis]) / geometry.strides[axis];
  });
  const byTap = lowering.reshape(lowering.plain(filter), [taps, channelsIn, channelsOut]);
  const matrix = lowering.reshape(lowering.transpose(byTap, [1, 0, 2]), [channelsIn, taps * channelsOut]);
  const product = lowering.graph.add('Gemm', [rows, matrix], { attributes: { transB: int(1) } });
  lowering.setPlain(node, lowering.reshape(product, node.shape));
}

function before({ padding }: ConvolutionGeometry, axis: 0 | 1): number {
  return padding[axis];
}

/** Where along an axis of the source a tap of the window at a place of the result reads: a whole number inside it, or nothing. */
type Reach = (axis: 0 | 1, place: number, tap: number) => number;

/** [examples * places of `result`, taps * channels of `source`]; zeros where `reach` leaves the source. */
function gatherRows(lowering: Lowering, source: IrNode, result: IrNode, window: Pair, reach: Reach): Value {
  const { graph } = lowering;
  const [examples = 1, height = 1, width = 1, channels = 1] = source.shape;
  const [, resultHeight = 1, resultWidth = 1] = result.shape;
  const outside = height * width;
  const along = (axis: 0 | 1, length: number, place: number, tap: number): number | undefined => {
    const index = reach(axis, place, tap);
    return Number.isInteger(index) && index >= 0 && index < length ? index : undefined;
  };
  const places: number[] = [];
  for (let row = 0; row < resultHeight; row++) {
    for (let column = 0; column < resultWidth; column++) {
      for (let tapRow = 0; tapRow < window[0]; tapRow++) {
        for (let tapColumn = 0; tapColumn < window[1]; tapColumn++) {
          const [y, x] = [along(0, height, row, tapRow), along(1, width, column, tapColumn)];
          places.push(y === undefined || x === undefined ? outside : y * width + x);
        }
      }
    }
  }
  const shape = [examples * resultHeight * resultWidth, window[0] * window[1] * channels];
  const image = lowering.reshape(lowering.plain(source), [examples, height * width, channels]);
  if (sameShape([places.length], [height * width]) && places.every((place, index) => place === index)) {
    return lowering.reshape(image, shape);
  }
  const framed = places.includes(outside) ? graph.add('Pad', [image, graph.int64s([0, 0, 0, 0, 1, 0])]) : image;
  const gathered = graph.add('Gather', [framed, graph.int64s(places)], { attributes: { axis: int(1) } });
  return lowering.reshape(gathered, shape);
}
