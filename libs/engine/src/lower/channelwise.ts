/**
 * Scaling and shifting of channels in the blocked layout: x * scale + shift + other, with one number a channel, is a
 * convolution of one tap that keeps channels apart. It goes over memory once, where multiplication, addition and the
 * broadcasting of each would go three times. Each product and sum is rounded by itself, as in the separate operations.
 */
import { is, sameShape, type IrNode, type NodeOf } from '../ir/node.ts';
import { int, ints, type Value } from '../onnx/value.ts';
import { blockedDomain, type Lowering } from './lowering.ts';

/** x * scale + shift + other; 1 and 0 where absent. */
interface Affine {
  readonly x: IrNode;
  readonly scale?: Value;
  readonly shift?: Value;
  readonly other?: IrNode;
}

/** Lowers `node` where it is such an operation on a value in the blocked layout; false where it is not. */
export function lowerChannelwise(lowering: Lowering, node: NodeOf<'binary'>): boolean {
  const affine = affineOf(lowering, node);
  if (affine === undefined) return false;
  const { graph } = lowering;
  const channels = node.shape[3] ?? 1;
  const vectorOf = (number: number): Value =>
    lowering.constantOf('float32', [channels], Array<number>(channels).fill(number));
  const scale = lowering.reshape(affine.scale ?? vectorOf(1), [channels, 1, 1, 1]);
  const others = affine.other === undefined ? [] : [lowering.blocked(affine.other)];
  const isShifted = affine.shift !== undefined || others.length > 0;
  const shift = isShifted ? [affine.shift ?? vectorOf(0)] : [];
  const attributes = {
    kernel_shape: ints([1, 1]),
    strides: ints([1, 1]),
    dilations: ints([1, 1]),
    pads: ints([0, 0, 0, 0]),
    group: int(channels),
  };
  const operands = [lowering.blocked(affine.x), scale, ...shift, ...others];
  lowering.setBlocked(node, graph.add('Conv', operands, { attributes, domain: blockedDomain }));
  return true;
}

function affineOf(lowering: Lowering, node: NodeOf<'binary'>): Affine | undefined {
  const { fn } = node.operation;
  const [a, b] = [lowering.input(node, 0), lowering.input(node, 1)];
  if (fn === 'mul') return scaled(lowering, node);
  if (fn !== 'add' && fn !== 'sub') return undefined;
  const pairs: readonly (readonly [IrNode, IrNode])[] =
    fn === 'add'
      ? [
          [a, b],
          [b, a],
        ]
      : [[a, b]];
  const signed = (value: Value): Value => (fn === 'sub' ? lowering.graph.add('Neg', [value]) : value);
  for (const [first, second] of pairs) {
    if (isOnChannels(lowering, node, first, second)) {
      const product = scaledOnce(lowering, first);
      return { x: first, ...product, shift: signed(vector(lowering, second)) };
    }
    const product = sameShape(first.shape, node.shape) ? scaledOnce(lowering, second) : undefined;
    if (product !== undefined) return { ...product, scale: signed(product.scale), other: first };
  }
  return undefined;
}

/** `node` as a product of a value in the blocked layout and one number a channel. */
function scaled(lowering: Lowering, node: IrNode): { readonly x: IrNode; readonly scale: Value } | undefined {
  if (!is(node, 'binary') || node.operation.fn !== 'mul') return undefined;
  const [a, b] = [lowering.input(node, 0), lowering.input(node, 1)];
  if (isOnChannels(lowering, node, a, b)) return { x: a, scale: vector(lowering, b) };
  if (isOnChannels(lowering, node, b, a)) return { x: b, scale: vector(lowering, a) };
  return undefined;
}

/** The same, where nothing but one operation reads the product. */
function scaledOnce(lowering: Lowering, node: IrNode): ReturnType<typeof scaled> {
  return lowering.usesOf(node).length === 1 && lowering.isBlocked(node) ? scaled(lowering, node) : undefined;
}

/** Whether `node` combines `x`, computed in the blocked layout, with one number for each of its channels. */
function isOnChannels(lowering: Lowering, node: IrNode, x: IrNode, numbers: IrNode): boolean {
  const channels = node.shape[3];
  const isVector =
    numbers.shape.at(-1) === channels && numbers.shape.every((n, i, { length }) => i === length - 1 || n === 1);
  return lowering.isBlocked(x) && sameShape(x.shape, node.shape) && isVector && numbers.dtype === 'float32';
}

function vector(lowering: Lowering, numbers: IrNode): Value {
  const value = lowering.plain(numbers);
  return numbers.shape.length === 1 ? value : lowering.reshape(value, [numbers.shape.at(-1) ?? 1]);
}
