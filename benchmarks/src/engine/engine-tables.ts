/** The figures of the engine benchmark, and the tables that people read. */
import type { Spread } from '../report/statistics.ts';
import { markdownTable, ratioText, spreadText } from '../report/table.ts';
import type { TimeBudget } from './time-budget.ts';

/** One network. Rates are training examples a second, the optimizer and masks included. */
export interface EngineFigures {
  readonly model: string;
  readonly flopsPerExample: number;
  /** `flopsPerExample` times the rate of `ortCpu`. */
  readonly gflops: number;
  /** `gflops` of the measured peak. */
  readonly peakShare: number;
  readonly ortCpu: Spread | undefined;
  /** The same with the batch as one chunk. */
  readonly ortCpuWholeBatch: Spread | undefined;
  readonly pytorch: Spread | undefined;
  readonly tfjsWasm: Spread | undefined;
  readonly ratioToPyTorch: Spread | undefined;
  readonly ratioToWasm: Spread | undefined;
  /** Part of a step that is spent on the gradient. */
  readonly gradientMs: number;
  /** From topology to the end of the first step: compiling, and one step. */
  readonly toFirstStepMs: number;
  readonly peakMemoryMiB: number;
  readonly budget: TimeBudget;
  readonly limit: string;
}

const percent = (share: number): string => `${Math.round(100 * share).toString()} %`;

/** Rates side by side. */
export function engineTable(figures: readonly EngineFigures[]): string {
  return markdownTable(
    [
      'model',
      'ort-cpu ex/s',
      'one chunk',
      'PyTorch',
      'ratio',
      'tfjs-wasm',
      'ratio',
      'GFLOP/s',
      'of peak',
      'to first step ms',
    ],
    figures.map((of) => [
      of.model,
      spreadText(of.ortCpu),
      spreadText(of.ortCpuWholeBatch),
      spreadText(of.pytorch),
      spreadText(of.ratioToPyTorch, ratioText),
      spreadText(of.tfjsWasm),
      spreadText(of.ratioToWasm, ratioText),
      of.gflops.toString(),
      percent(of.peakShare),
      Math.round(of.toFirstStepMs).toString(),
    ]),
  );
}

/** Where the time of a step goes. */
export function profileTable(figures: readonly EngineFigures[]): string {
  return markdownTable(
    [
      'model',
      'step ms',
      'products',
      'at GFLOP/s',
      'traversals',
      'layout',
      'around',
      'update',
      'slowest operators (ms)',
    ],
    figures.map(({ model, budget }) => {
      const share = (ms: number): string => percent(ms / budget.stepMs);
      return [
        model,
        budget.stepMs.toPrecision(3),
        share(budget.productsMs),
        Math.round(budget.productGflops).toString(),
        share(budget.traversalsMs),
        share(budget.layoutMs),
        share(budget.aroundKernelsMs),
        share(budget.updateMs),
        budget.operators
          .slice(0, 4)
          .map(({ operator, ms }) => `${operator} ${ms < 10 ? ms.toPrecision(2) : Math.round(ms).toString()}`)
          .join(', '),
      ];
    }),
  );
}
