/**
 * Where the time of a training step goes, and what limits it. Pure: times in, parts and a sentence out.
 *
 * The step and its gradient are timed without the profiler, kernels with it. What of the gradient is not in kernels is the
 * runtime's work between them, feeding it, and dropout masks; the rest of the step draws the batch, takes the mean and runs the optimizer.
 */
import type { OperatorKind, OperatorTime } from './operator-times.ts';

/** Milliseconds of one step by part, and the operators, the slowest first. */
export interface TimeBudget {
  readonly stepMs: number;
  readonly productsMs: number;
  readonly traversalsMs: number;
  readonly layoutMs: number;
  /** Within the gradient, not in kernels. */
  readonly aroundKernelsMs: number;
  /** Outside the gradient. */
  readonly updateMs: number;
  /** Rate within the products. */
  readonly productGflops: number;
  readonly operators: readonly OperatorTime[];
}

/** The budget of a step of `stepMs`, of which `gradientMs` were spent on the gradient. */
export function timeBudget(operators: readonly OperatorTime[], stepMs: number, gradientMs: number): TimeBudget {
  const msOf = (wanted: OperatorKind): number =>
    operators.reduce((total, { kind, ms }) => total + (kind === wanted ? ms : 0), 0);
  const productsMs = msOf('product');
  const traversalsMs = msOf('traversal');
  const layoutMs = msOf('layout');
  const flops = operators.reduce((total, operator) => total + operator.flops, 0);
  return {
    stepMs,
    productsMs,
    traversalsMs,
    layoutMs,
    // The two timings are of different processes, so where kernels are nearly all, the difference may fall below 0.
    aroundKernelsMs: Math.max(0, gradientMs - productsMs - traversalsMs - layoutMs),
    updateMs: stepMs - gradientMs,
    productGflops: productsMs === 0 ? 0 : flops / productsMs / 1e6,
    operators,
  };
}

/** What limits the step: its largest part and every other that takes more than a fifth of it, in a few words each. */
export function limitOf(budget: TimeBudget, peakGflops: number): string {
  const percent = (share: number): string => `${Math.round(100 * share).toString()} %`;
  const share = (ms: number): string => percent(ms / budget.stepMs);
  const slowest = budget.operators
    .filter(({ kind }) => kind !== 'product')
    .slice(0, 3)
    .map(({ operator }) => operator)
    .join(', ');
  const { productsMs, aroundKernelsMs, updateMs } = budget;
  const memoryMs = budget.traversalsMs + budget.layoutMs;
  const peakShare = percent(budget.productGflops / peakGflops);
  return [
    { ms: productsMs, text: `arithmetic: ${share(productsMs)} in products, at ${peakShare} of the peak` },
    { ms: memoryMs, text: `memory: ${share(memoryMs)} in kernels that mostly read and write (${slowest})` },
    { ms: aroundKernelsMs, text: `calls: ${share(aroundKernelsMs)} around the kernels` },
    { ms: updateMs, text: `update: ${share(updateMs)} for batch, mean and optimizer` },
  ]
    .toSorted((a, b) => b.ms - a.ms)
    .filter(({ ms }, index) => index === 0 || ms > budget.stepMs / 5)
    .map(({ text }) => text)
    .join('; ');
}
