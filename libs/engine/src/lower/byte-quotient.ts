/**
 * Bytes divided by a constant, as images are by 255, without a division.
 *
 * v / d = (v m) (1 / (d m)): with a whole number m of at most 16 bits, v m is exact in float32, so that only the second product is
 * rounded; by a factor that is a little off 1 / (d m), but for some m so little that all 256 quotients come out as the division
 * rounds them. Such an m is searched for, and all 256 are compared.
 */
import { is, splatValue, type IrNode } from '../ir/node.ts';
import type { Value } from '../onnx/value.ts';
import type { Lowering } from './lowering.ts';

/** Two factors by which bytes are multiplied in turn. */
export interface ByteFactors {
  /** A whole number. */
  readonly first: number;
  readonly second: number;
}

const bytes = Array.from({ length: 256 }, (_, value) => value);
const smallestDivisor = 2 ** -100;
const largestDivisor = 2 ** 100;
const largestFirst = 2 ** 12 - 1;

/** Factors that give every byte's quotient by `divisor` to the bit, or `undefined` where there are none. */
export function byteFactors(divisor: number): ByteFactors | undefined {
  // Beyond these, quotients or factors may be too small or too large for all their bits.
  if (!(Math.abs(divisor) >= smallestDivisor && Math.abs(divisor) <= largestDivisor)) return undefined;
  const quotients = bytes.map((value) => Math.fround(value / Math.fround(divisor)));
  for (let first = 1; first <= largestFirst; first += 2) {
    const second = Math.fround(1 / (Math.fround(divisor) * first));
    if (bytes.every((value) => Math.fround(value * first * second) === quotients[value])) return { first, second };
  }
  return undefined;
}

/**
 * The quotient `a / b` where `a` are bytes and `b` a constant; `undefined` where it is another one. Only for the processor, of
 * which it is known that it rounds each product by itself.
 */
export function byteQuotient(lowering: Lowering, a: IrNode, b: IrNode): Value | undefined {
  const divisor = splatValue(b);
  const [source] = a.inputs;
  if (lowering.blockSize === undefined || !is(a, 'cast') || source?.dtype !== 'uint8' || divisor === undefined)
    return undefined;
  const factors = byteFactors(divisor);
  if (factors === undefined) return undefined;
  const { graph } = lowering;
  const multiples = graph.add('DequantizeLinear', [lowering.plain(source), graph.scalar(factors.first)], {
    type: 'float32',
  });
  return graph.add('Mul', [multiples, graph.scalar(factors.second)]);
}
