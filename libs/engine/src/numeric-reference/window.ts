import type { Tensor64 } from './tensor.ts';

/** How a window slides over one axis. */
interface WindowAxis {
  readonly input: number;
  readonly output: number;
  readonly taps: number;
  readonly stride: number;
  readonly dilation: number;
  /** Padding before the first element. */
  readonly before: number;
}

/** How a window slides over images of NHWC shape. */
export interface SlidingWindow {
  readonly batch: number;
  readonly channels: number;
  readonly rows: WindowAxis;
  readonly columns: WindowAxis;
}

type Pair = readonly [number, number];

/** A number or pair of a layer's configuration as a pair. */
export function pairOf(value: unknown, fallback = 1): Pair {
  if (Array.isArray(value)) return [Number(value[0]), Number(value[1])];
  return typeof value === 'number' ? [value, value] : [fallback, fallback];
}

/** The window of `size` over `input` [batch, height, width, channels], by the rules of TensorFlow's `same` and `valid`. */
export function slidingWindow(
  input: Tensor64,
  size: Pair,
  strides: Pair,
  padding: unknown,
  dilations: Pair = [1, 1],
): SlidingWindow {
  const [batch = 1, height = 1, width = 1, channels = 1] = input.shape;
  const axis = (length: number, at: 0 | 1): WindowAxis => {
    const [taps, stride, dilation] = [size[at], strides[at], dilations[at]];
    const extent = (taps - 1) * dilation + 1;
    if (padding !== 'same') {
      return { input: length, output: Math.floor((length - extent) / stride) + 1, taps, stride, dilation, before: 0 };
    }
    const output = Math.ceil(length / stride);
    const total = Math.max(0, (output - 1) * stride + extent - length);
    return { input: length, output, taps, stride, dilation, before: Math.floor(total / 2) };
  };
  return { batch, channels, rows: axis(height, 0), columns: axis(width, 1) };
}

/** Calls `visit(output position, tap, input position)` for each tap within the image; positions count pixels, not channels. */
export function visitTaps(
  { batch, columns, rows }: SlidingWindow,
  visit: (output: number, tap: number, input: number) => void,
): void {
  let output = 0;
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < rows.output; row++) {
      for (let column = 0; column < columns.output; column++, output++) {
        for (let tap = 0; tap < rows.taps * columns.taps; tap++) {
          const r = row * rows.stride - rows.before + Math.floor(tap / columns.taps) * rows.dilation;
          const c = column * columns.stride - columns.before + (tap % columns.taps) * columns.dilation;
          if (r < 0 || r >= rows.input || c < 0 || c >= columns.input) continue;
          visit(output, tap, (image * rows.input + r) * columns.input + c);
        }
      }
    }
  }
}
