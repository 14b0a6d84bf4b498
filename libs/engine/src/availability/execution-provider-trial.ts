/**
 * Run in a process of its own: multiplies and convolves fixed numbers on one of ONNX Runtime's execution providers, as the
 * engines do, and prints its report as one line of JSON. Drivers write to the terminal and may crash; here they can do
 * either without harm.
 */
import { describeError } from '@weft/core';
import { runOnce } from '../ort/processor.ts';
import { loadRuntime } from '../ort/runtime.ts';
import type { ExecutionProvider } from '../ort/session-options.ts';
import { ints } from '../onnx/value.ts';
import { trialRows, trialValue, type TrialReport } from './trial-report.ts';

/** Sessions that compute the same, so that a choice made by timing shows. */
const repeats = 3;

async function report(provider: ExecutionProvider): Promise<TrialReport> {
  const runtime = await loadRuntime();
  const square = [trialRows, trialRows] as const;
  const values = new Float32Array(trialRows * trialRows).fill(trialValue);
  const products: number[][] = [];
  const convolutions: number[][] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    products.push([...(await runOnce(runtime, square, values, (graph, x) => graph.add('MatMul', [x, x]), provider))]);
    const convolved = await runOnce(
      runtime,
      square,
      values,
      (graph, x) => {
        const pixels = graph.add('Reshape', [x, graph.int64s([trialRows, trialRows, 1, 1])]);
        return graph.add('Conv', [pixels, pixels], { attributes: { kernel_shape: ints([1, 1]) } });
      },
      provider,
    );
    convolutions.push([...convolved]);
  }
  return { products, convolutions };
}

const provider = process.argv[2] as ExecutionProvider; // The probe beside this file starts it with nothing else.
const outcome = await report(provider).catch((thrown: unknown): TrialReport => ({ refusal: describeError(thrown) }));
process.stdout.write(`${JSON.stringify(outcome)}\n`);
