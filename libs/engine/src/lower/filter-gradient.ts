/**
 * Gradients with respect to filters, as one convolution that sums over examples.
 *
 * The input is seen as a single image [1, n, h, w * c]: examples are its channels, and channels lie along its width. The
 * gradient dy, as filters [out, n, oh, ow], moves over it with the original strides as dilations (times c along the width)
 * and the original dilations as strides. Each place it comes to is one weight. The runtime unfolds the image within its cache.
 */
import type { IrNode, NodeOf } from '../ir/node.ts';
import { int, ints, type Attribute, type Value } from '../onnx/value.ts';
import { blockedDomain, type Lowering } from './lowering.ts';
import { isShallow, lowerShallowFilterGradient } from './shallow-filter-gradient.ts';

export function lowerConvFilterGradient(lowering: Lowering, node: NodeOf<'convFilterGradient'>): void {
  if (isShallow(lowering, node)) {
    lowerShallowFilterGradient(lowering, node);
    return;
  }
  const { window, strides, dilations, padding } = node.operation.geometry;
  const [x, dy] = [lowering.input(node, 0), lowering.input(node, 1)];
  const [n = 1, h = 1, w = 1, input = 1] = x.shape;
  const [, outHeight = 1, outWidth = 1, output = 1] = dy.shape;
  const [top, left, bottom, right] = padding;
  const image = lowering.reshape(lowering.plain(x), [1, n, h, w * input]);
  const attributes = {
    kernel_shape: ints([outHeight, outWidth]),
    strides: ints([dilations[0], 1]),
    dilations: ints([strides[0], strides[1] * input]),
    pads: ints([top, left * input, bottom, right * input]),
    group: int(1),
  };
  const all = lowering.graph.add('Conv', [image, examplesAsChannels(lowering, dy)], { attributes });
  // Where strides leave a rest, there are more places than weights; with dilation, weights lie apart along the width.
  const reached = [
    Math.floor((h + top + bottom - (outHeight - 1) * strides[0] - 1) / dilations[0]) + 1,
    w + left + right - (outWidth - 1) * strides[1],
  ] as const;
  const columns = (window[1] - 1) * dilations[1] + 1;
  const covers = reached[0] === window[0] && reached[1] === columns;
  const covered = covers ? all : lowering.slice(all, [2, 3], [0, 0], [window[0], columns * input]);
  const apart = lowering.reshape(covered, [output, window[0], columns, input]);
  const places = dilations[1] === 1 ? apart : lowering.slice(apart, [2], [0], [columns], [dilations[1]]);
  const isDense = dilations[1] === 1 && lowering.fillsBlocks(output);
  const [height, width] = window;
  lowering.setPlain(
    node,
    isDense
      ? lowering.reshape(channelsLast(lowering, covered, output), node.shape, [1, height, width * input, output])
      : lowering.transpose(places, [1, 2, 3, 0]),
  );
}

/** The same with each channel kept apart: groups take the place of the width. */
export function lowerDepthwiseFilterGradient(lowering: Lowering, node: NodeOf<'depthwiseFilterGradient'>): void {
  const { window, strides, dilations, padding } = node.operation.geometry;
  const [x, dy] = [lowering.input(node, 0), lowering.input(node, 1)];
  const [n = 1, h = 1, w = 1, channels = 1] = x.shape;
  const [, outHeight = 1, outWidth = 1, output = 1] = dy.shape;
  const image = lowering.reshape(lowering.transpose(lowering.plain(x), [3, 0, 1, 2]), [1, channels * n, h, w]);
  const attributes = {
    kernel_shape: ints([outHeight, outWidth]),
    strides: ints(dilations),
    dilations: ints(strides),
    pads: ints(padding),
    group: int(channels),
  };
  const all = lowering.graph.add('Conv', [image, examplesAsChannels(lowering, dy)], { attributes });
  const covered = lowering.slice(all, [2, 3], [0, 0], window);
  const places = lowering.reshape(covered, [output, window[0] * window[1]]);
  lowering.setPlain(node, lowering.reshape(lowering.transpose(places, [1, 0]), node.shape));
}

/** [out, n, h, w]. */
function examplesAsChannels(lowering: Lowering, dy: IrNode): Value {
  const [n = 1, h = 1, w = 1, output = 1] = dy.shape;
  if (output === 1) return lowering.reshape(lowering.plain(dy), [1, n, h, w]);
  if (lowering.isBlocked(dy)) return lowering.transpose(lowering.channelsFirst(dy), [1, 0, 2, 3]);
  if (!lowering.fillsBlocks(output)) return lowering.transpose(lowering.plain(dy), [3, 0, 1, 2]);
  // All examples as one image: through the blocked layout and out of it again, faster than a general transposition.
  const image = lowering.reshape(lowering.plain(dy), [1, n * h, w, output]);
  const blocks = reorder(lowering, 'ReorderInput', image, { channels_last: int(1) });
  const byChannel = reorder(lowering, 'ReorderOutput', blocks, { channels: int(output) });
  return lowering.reshape(byChannel, [output, n, h, w]);
}

/** [1, channels, h, w] as [1, h, w, channels], the same way. */
function channelsLast(lowering: Lowering, image: Value, channels: number): Value {
  const blocks = reorder(lowering, 'ReorderInput', image, {});
  return reorder(lowering, 'ReorderOutput', blocks, { channels: int(channels), channels_last: int(1) });
}

function reorder(
  { graph }: Lowering,
  operator: 'ReorderInput' | 'ReorderOutput',
  value: Value,
  attributes: Readonly<Record<string, Attribute>>,
): Value {
  return graph.add(operator, [value], { attributes, domain: blockedDomain });
}
