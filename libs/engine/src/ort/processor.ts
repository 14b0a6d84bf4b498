/**
 * What decides the bits of this processor's or a device's arithmetic, found by trying: the block size of the runtime's
 * blocked layout, and a digest of what its kernels make of fixed numbers. Names of instruction sets would say less: two processors that
 * give the same bits here belong together, whatever they are called.
 */
import { createHash } from 'node:crypto';
import { blockedDomain } from '../lower/lowering.ts';
import { encodeModel } from '../onnx/encode.ts';
import { GraphBuilder } from '../onnx/graph.ts';
import { ints, type Value } from '../onnx/value.ts';
import type { Runtime } from './runtime.ts';
import { Session } from './session.ts';
import type { ExecutionProvider } from './session-options.ts';

/** Runs the graph that `build` makes of one input, in a session of its own on `provider`. */
export async function runOnce(
  runtime: Runtime,
  shape: readonly number[],
  data: Float32Array,
  build: (graph: GraphBuilder, x: Value) => Value,
  provider: ExecutionProvider = 'cpu',
): Promise<Float32Array> {
  const graph = new GraphBuilder();
  const output = graph.output(build(graph, graph.input('x', 'float32', shape)), []);
  const compiled = { model: encodeModel(graph.build()), inputs: ['x'], outputs: [output] };
  const session = await Session.open(runtime, compiled, provider);
  try {
    const results = await session.run({ x: new runtime.Tensor('float32', data, [...shape]) }, { [output]: null });
    return results[output]?.data as Float32Array;
  } finally {
    await session.close();
  }
}

/** Channels in a block of the blocked layout, 8 or 16; undefined where this build of the runtime has no such layout. */
export async function probeBlockSize(runtime: Runtime): Promise<number | undefined> {
  // A reorder is a permutation: where the second channel of the first pixel lands is the distance between channels.
  const data = Float32Array.from({ length: 64 }, (_, index) => index);
  try {
    const reordered = await runOnce(runtime, [1, 32, 1, 2], data, (graph, x) =>
      graph.add('ReorderInput', [x], { domain: blockedDomain }),
    );
    const block = reordered.indexOf(1);
    return block === 8 || block === 16 ? block : undefined;
  } catch {
    return undefined; // An unknown operator: the layout exists for some processors only.
  }
}

/** Eight hexadecimal digits of what `provider` makes of fixed numbers: products, a convolution, activation functions. */
export async function digestArithmetic(runtime: Runtime, provider: ExecutionProvider): Promise<string> {
  const side = 24;
  const numbers = Float32Array.from(
    { length: side * side },
    (_, index) => (Math.imul(index + 1, 2654435761) % 1000) / 500,
  );
  const hash = createHash('sha256');
  const probes: ((graph: GraphBuilder, x: Value) => Value)[] = [
    (graph, x) => graph.add('Gemm', [x, x]),
    ...['Exp', 'Tanh', 'Sigmoid', 'Erf', 'Softmax'].map(
      (name) => (graph: GraphBuilder, x: Value) => graph.add(name, [x]),
    ),
    (graph, x) => {
      const image = graph.add('Reshape', [x, graph.int64s([1, 1, side, side])]);
      const filter = graph.add('Slice', [image, graph.int64s([0, 0]), graph.int64s([3, 3]), graph.int64s([2, 3])]);
      return graph.add('Conv', [image, filter], { attributes: { kernel_shape: ints([3, 3]) } });
    },
  ];
  for (const probe of probes) {
    const result = await runOnce(runtime, [side, side], numbers, probe, provider);
    hash.update(new Uint8Array(result.buffer, result.byteOffset, result.byteLength));
  }
  return hash.digest('hex').slice(0, 8);
}
