/**
 * Gradients with respect to filters, as one convolution that sums over examples.
 *
 * The input is seen as a single image [1, n, h, w * c]: examples are its channels, and channels lie along its width. The
 * gradient dy, as filters [out, n, oh, ow], moves over it with the original strides as dilations (times c along the width)
 * and the original dilations as strides. Each place it comes to is one weight. The runtime unfolds the image within its cache.
 */
import type { NodeOf } from '../ir/node.ts';
import { int, ints, type Value } from '../onnx/value.ts';
import type { Lowering } from './lowering.ts';

export function lowerConvFilterGradient(lowering: Lowering, node: NodeOf<'convFilterGradient'>): void {
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
  lowering.setPlain(node, lowering.transpose(places, [1, 2, 3, 0]));
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
function examplesAsChannels(lowering: Lowering, dy: NodeOf<'convFilterGradient'>['inputs'][number]): Value {
  if (dy.shape[3] === 1)
    return lowering.reshape(lowering.plain(dy), [1, dy.shape[0] ?? 1, dy.shape[1] ?? 1, dy.shape[2] ?? 1]);
  return lowering.transpose(lowering.plain(dy), [3, 0, 1, 2]);
}
