/** Lowering of pools of any window, and of their gradients. Pools of 2 by 2 are in `pairwise-pool.ts`. */
import { sizeOf, type NodeOf } from '../ir/node.ts';
import type { PoolGeometry } from '../ir/geometry.ts';
import { int, ints, text, type Attribute, type Value } from '../onnx/value.ts';
import { transposedConvolution } from './convolution.ts';
import { blockedDomain, type Lowering } from './lowering.ts';
import { isPairwise, lowerPairwisePool, lowerPairwisePoolGradient } from './pairwise-pool.ts';

function poolAttributes(geometry: PoolGeometry): Record<string, Attribute> {
  return { kernel_shape: ints(geometry.window), strides: ints(geometry.strides), pads: ints(geometry.padding) };
}

export function lowerMaxPool(lowering: Lowering, node: NodeOf<'maxPool'>): void {
  const { geometry } = node.operation;
  const x = lowering.input(node, 0);
  const hasGradient = lowering.usesOf(node).some((use) => use.operation.op === 'maxPoolGradient');
  if (hasGradient && isPairwise(geometry)) {
    lowerPairwisePool(lowering, node);
  } else if (hasGradient) {
    lowering.setPlain(node, lowering.transpose(poolWithPlaces(lowering, x, geometry).maxima, [0, 2, 3, 1]));
  } else if (lowering.fillsBlocks(x.shape[3] ?? 0)) {
    const attributes = { ...poolAttributes(geometry), dilations: ints([1, 1]), ceil_mode: int(0) };
    lowering.setBlocked(
      node,
      lowering.graph.add('MaxPool', [lowering.blocked(x)], { attributes, domain: blockedDomain }),
    );
  } else {
    const attributes = poolAttributes(geometry);
    const pooled = lowering.graph.add('MaxPool', [lowering.channelsFirst(x)], { attributes });
    lowering.setPlain(node, lowering.transpose(pooled, [0, 2, 3, 1]));
  }
}

/** The maxima as [n, c, h, w] with, for each, the place in the flat input [n, c, h, w] of its first occurrence. */
function poolWithPlaces(
  lowering: Lowering,
  x: NodeOf<'maxPool'>['inputs'][number],
  geometry: PoolGeometry,
): { readonly maxima: Value; readonly places: Value } {
  const attributes = poolAttributes(geometry);
  const [maxima, places] = lowering.graph.addMany('MaxPool', [lowering.channelsFirst(x)], ['float32', 'int64'], {
    attributes,
  });
  if (maxima === undefined || places === undefined) throw new Error('a pool with places has two outputs');
  return { maxima, places };
}

/** Each gradient is added at the place of its maximum; places that were never found (not a number) go to the first. */
export function lowerMaxPoolGradient(lowering: Lowering, node: NodeOf<'maxPoolGradient'>): void {
  const { graph } = lowering;
  const { geometry } = node.operation;
  if (isPairwise(geometry)) {
    lowerPairwisePoolGradient(lowering, node);
    return;
  }
  const [dy, x] = [lowering.input(node, 0), lowering.input(node, 1)];
  const [n = 1, h = 1, w = 1, c = 1] = x.shape;
  const { places } = poolWithPlaces(lowering, x, geometry);
  const found = graph.add('Max', [
    lowering.reshape(places, [sizeOf(dy.shape)]),
    graph.constant('int64', [], new BigInt64Array(1)),
  ]);
  const zeros = graph.add('Expand', [graph.scalar(0), graph.int64s([sizeOf(x.shape)])]);
  const gradients = lowering.reshape(lowering.channelsFirst(dy), [sizeOf(dy.shape)]);
  const attributes = { axis: int(0), reduction: text('add') };
  const scattered = graph.add('ScatterElements', [zeros, found, gradients], { attributes });
  lowering.setPlain(node, lowering.transpose(lowering.reshape(scattered, [n, c, h, w]), [0, 2, 3, 1]));
}

export function lowerAveragePool(lowering: Lowering, node: NodeOf<'averagePool'>): void {
  const attributes = { ...poolAttributes(node.operation.geometry), count_include_pad: int(0) };
  const pooled = lowering.graph.add('AveragePool', [lowering.channelsFirst(lowering.input(node, 0))], { attributes });
  lowering.setPlain(node, lowering.transpose(pooled, [0, 2, 3, 1]));
}

/** Each gradient, divided by the number of elements that were averaged, is spread over its window. */
export function lowerAveragePoolGradient(lowering: Lowering, node: NodeOf<'averagePoolGradient'>): void {
  const { geometry } = node.operation;
  const dy = lowering.input(node, 0);
  const [n = 1, outHeight = 1, outWidth = 1, c = 1] = dy.shape;
  const [, h = 1, w = 1] = node.shape;
  const rows = countsAlong(outHeight, h, geometry.window[0], geometry.strides[0], geometry.padding[0]);
  const columns = countsAlong(outWidth, w, geometry.window[1], geometry.strides[1], geometry.padding[1]);
  const counts = rows.flatMap((row) => columns.map((column) => row * column));
  const share = lowering.graph.add('Div', [
    lowering.channelsFirst(dy),
    lowering.constantOf('float32', [1, 1, outHeight, outWidth], counts),
  ]);
  const images = lowering.reshape(share, [n * c, 1, outHeight, outWidth]);
  const ones = lowering.constantOf(
    'float32',
    [1, 1, ...geometry.window],
    Array<number>(sizeOf(geometry.window)).fill(1),
  );
  const spread = transposedConvolution(lowering, images, ones, { ...geometry, dilations: [1, 1] }, dy, node.shape, 1);
  lowering.setPlain(node, lowering.transpose(lowering.reshape(spread, [n, c, h, w]), [0, 2, 3, 1]));
}

/** For each place of a window along one axis, how many elements of the input it covers. */
function countsAlong(places: number, size: number, window: number, stride: number, before: number): number[] {
  return Array.from({ length: places }, (_, place) => {
    const first = place * stride - before;
    return Math.min(first + window, size) - Math.max(first, 0);
  });
}
