/**
 * Where the time of a training step goes, and what limits it. Pure: profiles in, shares and a sentence out.
 *
 * Kernels fall into three classes. Products (dense, convolution) are limited by arithmetic; traversals (activations, sums, normalization)
 * and layout changes read and write memory and compute next to nothing. What is left is the runtime's own work between kernels
 * and, outside it, drawing the batch, masks, the mean and the optimizer.
 */
import { kernelFlops, type SessionProfile } from './runtime-profile.ts';

const products = new Set(['Gemm', 'FusedGemm', 'MatMul', 'Conv']);
const layoutChanges = new Set(
  ['Cast', 'Concat', 'Expand', 'Gather', 'Pad', 'ReorderInput', 'ReorderOutput', 'Reshape', 'Slice', 'Split'].concat([
    'Squeeze',
    'Tile',
    'Transpose',
    'Unsqueeze',
  ]),
);

/** All kernels of one operator in one step. */
export interface OperatorTime {
  readonly operator: string;
  readonly ms: number;
  readonly calls: number;
  /** Rate of a product, or null for an operator that is none. */
  readonly gflops: number | null;
}

/** Milliseconds of one step by class, and the operators, the slowest first. */
export interface TimeBudget {
  readonly stepMs: number;
  readonly productsMs: number;
  readonly traversalsMs: number;
  readonly layoutMs: number;
  readonly betweenKernelsMs: number;
  readonly outsideMs: number;
  /** Rate within the product kernels. */
  readonly productGflops: number;
  readonly operators: readonly OperatorTime[];
}

/** The budget of `steps` steps that took `totalMs` altogether, while `sessions` were profiled. */
export function timeBudget(sessions: readonly SessionProfile[], steps: number, totalMs: number): TimeBudget {
  const byOperator = new Map<string, { us: number; calls: number; flops: number }>();
  for (const run of sessions.flatMap(({ kernels }) => kernels)) {
    const sum = byOperator.get(run.operator) ?? { us: 0, calls: 0, flops: 0 };
    sum.us += run.durationUs;
    sum.calls++;
    sum.flops += kernelFlops(run);
    byOperator.set(run.operator, sum);
  }
  const sums = [...byOperator].map(([operator, sum]) => ({ operator, ...sum }));
  const msOf = (belongs: (operator: string) => boolean): number =>
    sums.reduce((total, { operator, us }) => total + (belongs(operator) ? us / 1000 / steps : 0), 0);
  const productsMs = msOf((operator) => products.has(operator));
  const layoutMs = msOf((operator) => layoutChanges.has(operator));
  const kernelsMs = msOf(() => true);
  const runsMs = sessions.reduce((total, { runUs }) => total + runUs / 1000 / steps, 0);
  const productFlops = sums.reduce((total, { flops }) => total + flops / steps, 0);
  return {
    stepMs: totalMs / steps,
    productsMs,
    traversalsMs: kernelsMs - productsMs - layoutMs,
    layoutMs,
    betweenKernelsMs: runsMs - kernelsMs,
    outsideMs: totalMs / steps - runsMs,
    productGflops: productsMs === 0 ? 0 : productFlops / productsMs / 1e6,
    operators: sums
      .toSorted((a, b) => b.us - a.us)
      .map(({ operator, us, calls, flops }) => ({
        operator,
        ms: us / 1000 / steps,
        calls: calls / steps,
        gflops: flops === 0 ? null : flops / us / 1000,
      })),
  };
}

/** What limits the step, in one sentence: its largest part, and of products how near to `peakGflops` they run. */
export function limitOf(budget: TimeBudget, peakGflops: number): string {
  const share = (ms: number): string => `${Math.round((100 * ms) / budget.stepMs).toString()} %`;
  const peakShare = `${Math.round((100 * budget.productGflops) / peakGflops).toString()} %`;
  const slowest = budget.operators
    .filter(({ operator }) => !products.has(operator))
    .slice(0, 3)
    .map(({ operator }) => operator)
    .join(', ');
  const parts = [
    { ms: budget.productsMs, text: `products: ${share(budget.productsMs)} of the step, at ${peakShare} of the peak` },
    {
      ms: budget.traversalsMs + budget.layoutMs,
      text: `memory: ${share(budget.traversalsMs + budget.layoutMs)} in kernels that read and write (${slowest})`,
    },
    {
      ms: budget.betweenKernelsMs + budget.outsideMs,
      text: `cost of a call: ${share(budget.betweenKernelsMs)} between kernels, ${share(budget.outsideMs)} outside the runtime`,
    },
  ];
  return parts
    .toSorted((a, b) => b.ms - a.ms)
    .filter(({ ms }, index) => index === 0 || ms > budget.stepMs / 5)
    .map(({ text }) => text)
    .join('; ');
}
