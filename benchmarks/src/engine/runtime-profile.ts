/**
 * Reading the profiles of ONNX Runtime: a list of events, of which those of nodes carry the time of one kernel and the shapes
 * of its inputs and outputs. Pure: text in, times out.
 *
 * Only kernels are taken from a profile: writing its events costs more than 10 us a node, which would make every other time
 * in it too long.
 */
import { median } from '../report/statistics.ts';

/** An operator with the shapes that it worked on. */
export interface Kernel {
  readonly operator: string;
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
}

/** One node of a graph, over all its runs. */
export interface NodeTime extends Kernel {
  readonly callsPerStep: number;
  /** Median, so that warm-up and disturbances do not count. */
  readonly medianUs: number;
  readonly fastestUs: number;
}

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The nodes in the profile `text` of a session that ran equally often in each of `steps` steps. */
export function readProfile(text: string, steps: number): NodeTime[] {
  const events = (JSON.parse(text) as readonly ProfileEvent[]).filter(
    ({ cat, name }) => cat === 'Node' && name.endsWith('_kernel_time'),
  );
  return [...Map.groupBy(events, ({ name }) => name).values()].map((runs) => {
    const durations = runs.map(({ dur }) => dur);
    const args = runs[0]?.args ?? {};
    return {
      operator: String(args['op_name']),
      inputs: shapesOf(args['input_type_shape']),
      outputs: shapesOf(args['output_type_shape']),
      callsPerStep: runs.length / steps,
      medianUs: median(durations),
      fastestUs: Math.min(...durations),
    };
  });
}

/** `[{"float": [32, 10]}, ...]`: the shapes without their types. */
function shapesOf(typed: unknown): number[][] {
  return Array.isArray(typed) ? typed.map((entry: Record<string, number[]>) => Object.values(entry)[0] ?? []) : [];
}

/**
 * Floating point operations of a product, from its shapes; 0 for every other operator. Those that a convolution spares itself
 * on its padding count.
 */
export function kernelFlops({ operator, inputs, outputs }: Kernel): number {
  const [first = [], second = []] = inputs;
  const [output = []] = outputs;
  const size = productOf(output);
  switch (operator) {
    case 'Gemm':
    case 'FusedGemm':
      // Whichever of its sides is transposed, the first matrix has a row of the inner dimension for each row of the output.
      return (2 * size * productOf(first)) / (output[0] ?? 1);
    case 'MatMul':
      return 2 * size * (first.at(-1) ?? 0);
    case 'Conv':
      return 2 * size * productOf(second.slice(1));
    default:
      return 0;
  }
}

function productOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}
