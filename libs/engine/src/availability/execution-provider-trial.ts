/**
 * Run in a process of its own: runs a tiny graph on one of ONNX Runtime's execution providers and prints, as one line of
 * JSON, `{}` where it gave the right answer, else `{"reason": ...}`. Drivers write to the terminal and may crash; here they
 * can do either without harm.
 */
import { describeError } from '@weft/core';
import { encodeModel } from '../onnx/encode.ts';
import { GraphBuilder } from '../onnx/graph.ts';
import { loadRuntime } from '../ort/runtime.ts';

async function reasonAgainst(provider: string): Promise<string | undefined> {
  const builder = new GraphBuilder();
  const input = builder.input('x', 'float32', [2]);
  const output = builder.output(builder.add('Add', [input, input]), [2]);
  const { InferenceSession, Tensor } = await loadRuntime();
  const session = await InferenceSession.create(encodeModel(builder.build()), { executionProviders: [provider] });
  const results = await session.run({ x: new Tensor('float32', Float32Array.of(1, 2), [2]) });
  const values = results[output]?.data;
  return values?.[0] === 2 && values[1] === 4 ? undefined : `it computed 1 + 1 and 2 + 2 as ${String(values)}`;
}

const reason = await reasonAgainst(process.argv[2] ?? '').catch(describeError);
process.stdout.write(`${JSON.stringify({ reason })}\n`);
