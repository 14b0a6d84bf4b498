import type { ProgressFigures, RunSummary } from '../run/figures.ts';

/**
 * Seconds until the last epoch's training is over, at the present rate of examples; evaluation is not counted. Undefined
 * while there is no rate.
 */
export function remainingSeconds(
  run: Pick<RunSummary, 'epochs' | 'dataSet'>,
  progress: Pick<ProgressFigures, 'epoch' | 'step' | 'stepsPerEpoch' | 'examplesPerSecond'>,
): number | undefined {
  const { epoch, step, stepsPerEpoch, examplesPerSecond } = progress;
  if (!(examplesPerSecond > 0) || !Number.isFinite(examplesPerSecond) || stepsPerEpoch <= 0) return undefined;
  const epochsLeft = run.epochs - epoch + (1 - Math.min(1, step / stepsPerEpoch));
  return Math.max(0, (epochsLeft * run.dataSet.trainExamples) / examplesPerSecond);
}
