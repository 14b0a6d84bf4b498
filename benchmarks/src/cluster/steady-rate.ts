/**
 * The steady rate of a run, from what its coordinator reports: the training clock is cut into windows, those of the warm-up
 * are left out, and the median of the others stands. The clock runs while steps are computed; evaluation and checkpoints
 * between epochs are not in it, as they are not in the timings of PyTorch.
 */
import { median } from '../report/statistics.ts';

/** A report: `examples` of epoch `epoch` (from 1) were trained on within the epoch's first `seconds` of training. */
export interface TrainingMark {
  readonly epoch: number;
  readonly examples: number;
  readonly seconds: number;
}

export interface WindowRule {
  /** Training time at the start that is left out. */
  readonly warmUpSeconds: number;
  /** A window ends at the first report this long after its start, or later. */
  readonly windowSeconds: number;
}

/** Examples a second in each whole window after the warm-up. `marks` come in the order in which they were reported. */
export function windowRates(marks: readonly TrainingMark[], rule: WindowRule): number[] {
  const rates: number[] = [];
  let pastSeconds = 0;
  let pastExamples = 0;
  let previous: TrainingMark = { epoch: 0, examples: 0, seconds: 0 };
  let start: { seconds: number; examples: number } | undefined;
  for (const mark of marks) {
    if (mark.epoch !== previous.epoch) {
      pastSeconds += previous.seconds;
      pastExamples += previous.examples;
    }
    previous = mark;
    const seconds = pastSeconds + mark.seconds;
    const examples = pastExamples + mark.examples;
    if (seconds < rule.warmUpSeconds) continue;
    start ??= { seconds, examples };
    if (seconds - start.seconds < rule.windowSeconds) continue;
    rates.push((examples - start.examples) / (seconds - start.seconds));
    start = { seconds, examples };
  }
  return rates;
}

/** Examples trained on up to the last of `marks`. */
export function trainedExamples(marks: readonly TrainingMark[]): number {
  return marks.reduce((sum, mark, index) => {
    const next = marks[index + 1];
    return next?.epoch !== mark.epoch ? sum + mark.examples : sum;
  }, 0);
}

/** The median of the windows' rates; NaN where there is no window. */
export function steadyRate(marks: readonly TrainingMark[], rule: WindowRule): number {
  return median(windowRates(marks, rule));
}
