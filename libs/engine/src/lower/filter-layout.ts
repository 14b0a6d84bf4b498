/**
 * Filters in the layouts of ONNX Runtime's CPU convolutions, from TF.js's [h, w, in, out].
 *
 * Reordering is made of the runtime's own activation reorders, which are much faster at it than a general transposition.
 */
import type { IrNode } from '../ir/node.ts';
import { int, type Value } from '../onnx/value.ts';
import { blockedDomain, type Lowering } from './lowering.ts';

interface FilterSize {
  readonly height: number;
  readonly width: number;
  readonly taps: number;
  readonly input: number;
  readonly output: number;
  readonly block: number;
}

function sizeOfFilter(lowering: Lowering, filter: IrNode): FilterSize {
  const [height = 1, width = 1, input = 1, output = 1] = filter.shape;
  return { height, width, taps: height * width, input, output, block: lowering.blockSize ?? 1 };
}

/** [out/b, in/b, h, w, b in, b out]. */
export function blockedFilter(lowering: Lowering, filter: IrNode): Value {
  const { height, width, taps, input, output, block } = sizeOfFilter(lowering, filter);
  const image = lowering.reshape(lowering.plain(filter), [1, taps, input, output]);
  const attributes = { channels_last: int(1) };
  const byOutput = lowering.graph.add('ReorderInput', [image], { attributes, domain: blockedDomain });
  const blocks = lowering.reshape(byOutput, [output / block, taps, input / block, block * block]);
  return lowering.reshape(lowering.transpose(blocks, [0, 2, 1, 3]), [output, input, height, width]);
}

/** [out/b, in, h, w, b out], for inputs with fewer channels than a block. */
export function partlyBlockedFilter(lowering: Lowering, filter: IrNode): Value {
  const { height, width, taps, input, output, block } = sizeOfFilter(lowering, filter);
  const blocks = lowering.reshape(lowering.plain(filter), [taps, input, output / block, block]);
  return lowering.reshape(lowering.transpose(blocks, [2, 1, 0, 3]), [output, input, height, width]);
}

/** The filter turned by half a turn, with input and output exchanged: [in/b, out/b, h, w, b out, b in]. */
export function blockedRotatedFilter(lowering: Lowering, filter: IrNode): Value {
  const { height, width, taps, input, output, block } = sizeOfFilter(lowering, filter);
  const images = lowering.reshape(lowering.plain(filter), [taps, input, 1, output]);
  const byInput = lowering.graph.add('ReorderInput', [images], { domain: blockedDomain });
  const turned = reverseTaps(lowering, lowering.reshape(byInput, [taps, input * output]), taps);
  const blocks = lowering.reshape(turned, [taps, input / block, output / block, block * block]);
  return lowering.reshape(lowering.transpose(blocks, [1, 2, 0, 3]), [input, output, height, width]);
}

/** The same in ONNX's layout: [in, out, h, w]. */
export function rotatedFilter(lowering: Lowering, filter: IrNode): Value {
  const { height, width, taps, input, output } = sizeOfFilter(lowering, filter);
  const turned = reverseTaps(lowering, lowering.reshape(lowering.plain(filter), [taps, input * output]), taps);
  const ordered = lowering.transpose(lowering.reshape(turned, [taps, input, output]), [1, 2, 0]);
  return lowering.reshape(ordered, [input, output, height, width]);
}

function reverseTaps(lowering: Lowering, byTap: Value, taps: number): Value {
  const backwards = Array.from({ length: taps }, (_, index) => taps - 1 - index);
  const options = { attributes: { axis: int(0) } };
  return lowering.graph.add('Gather', [byTap, lowering.graph.int64s(backwards)], options);
}
