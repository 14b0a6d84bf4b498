import { encodeModel } from '../onnx/encode.ts';
import type { Program, Shape } from '../ir/node.ts';
import { lower } from '../lower/lower.ts';
import type { LoweringOptions } from '../lower/lowering.ts';
import type { Runtime } from './runtime.ts';
import { Session, type Feeds, type Fetches } from './session.ts';

/** An input's values with their shape; bytes are uint8, as everywhere. */
export interface InputValues {
  readonly shape: Shape;
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** The float32 results of `program`, by name: lowers it, runs it once and forgets it. For tests of passes and lowerings. */
export async function evaluateProgram(
  runtime: Runtime,
  program: Program,
  inputs: Readonly<Record<string, InputValues>>,
  options: LoweringOptions,
): Promise<Readonly<Record<string, Float32Array>>> {
  const { graph, outputs } = lower(program, options);
  const session = await Session.open(runtime, {
    model: encodeModel(graph),
    inputs: graph.inputs.map((input) => input.name),
    outputs: graph.outputs.map((output) => output.name),
  });
  try {
    const feeds: Feeds = {};
    for (const [name, { shape, values }] of Object.entries(inputs)) {
      feeds[name] =
        values instanceof Uint8Array
          ? new runtime.Tensor('uint8', values, [...shape])
          : values instanceof Int32Array
            ? new runtime.Tensor('int32', values, [...shape])
            : new runtime.Tensor('float32', values, [...shape]);
    }
    const fetches: Fetches = Object.fromEntries(outputs.map(({ value }) => [value, null]));
    const results = await session.run(feeds, fetches);
    return Object.fromEntries(outputs.map(({ name, value }) => [name, results[value]?.data as Float32Array]));
  } finally {
    await session.close();
  }
}
