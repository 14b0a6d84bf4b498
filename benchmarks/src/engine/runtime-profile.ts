/**
 * Reading the profiles of ONNX Runtime: a list of events, of which those of nodes carry the time of one kernel and the shapes
 * of its inputs and outputs. Pure: text in, times out.
 */

/** One run of one operator's kernel. */
export interface KernelRun {
  readonly operator: string;
  readonly durationUs: number;
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
}

/** What happened in one session, without the runs of its warm-up. */
export interface SessionProfile {
  readonly kernels: readonly KernelRun[];
  /** Time within the runtime, kernels and what is between them. */
  readonly runUs: number;
}

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly ts: number;
  readonly dur: number;
  readonly args: Readonly<Record<string, unknown>>;
}

/**
 * The profile `text` of a session that ran equally often in each of `steps` steps, of which the first `warmUpSteps` are left
 * out.
 */
export function readProfile(text: string, steps: number, warmUpSteps: number): SessionProfile {
  const events = JSON.parse(text) as readonly ProfileEvent[];
  const runs = events.filter(({ cat, name }) => cat === 'Session' && name === 'model_run');
  const kept = runs.toSorted((a, b) => a.ts - b.ts).slice(Math.round((runs.length * warmUpSteps) / steps));
  const from = kept[0]?.ts ?? Number.POSITIVE_INFINITY;
  const kernels = events
    .filter(({ cat, name, ts }) => cat === 'Node' && name.endsWith('_kernel_time') && ts >= from)
    .map(({ dur, args }) => ({
      operator: String(args['op_name']),
      durationUs: dur,
      inputs: shapesOf(args['input_type_shape']),
      outputs: shapesOf(args['output_type_shape']),
    }));
  return { kernels, runUs: kept.reduce((sum, { dur }) => sum + dur, 0) };
}

/** `[{"float": [32, 10]}, ...]`: the shapes without their types. */
function shapesOf(typed: unknown): number[][] {
  return Array.isArray(typed) ? typed.map((entry: Record<string, number[]>) => Object.values(entry)[0] ?? []) : [];
}

/** Floating point operations of a product kernel, from its shapes; 0 for every other operator. */
export function kernelFlops({ operator, inputs, outputs }: KernelRun): number {
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
