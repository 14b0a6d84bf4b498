import type { Metric } from '../input/reference-table.ts';
import type { ReportedStudy } from '../input/reported-study.ts';
import type { ReportedTrial } from '../input/reported-trial.ts';

/** A figure that complete trials have, and whether more of it is better. */
export interface Measure {
  readonly name: string;
  readonly metric: Metric;
  readonly maximize: boolean;
  /** Undefined where the trial has none, or one that is not finite. */
  of(trial: ReportedTrial): number | undefined;
}

/** `metric` after the last epoch, of complete trials only: others have not trained as long. */
export function metricMeasure(metric: Metric): Measure {
  return {
    name: metric.replace('-', ' '),
    metric,
    maximize: metric.endsWith('accuracy'),
    of: (trial) => (trial.state === 'complete' ? finite(metricOf(trial, metric)) : undefined),
  };
}

/** The objective of `study`, of complete trials only. */
export function objectiveMeasure({ objective }: ReportedStudy): Measure {
  const { metric, maximize, bestEpoch } = objective;
  return {
    name: metric.replace('-', ' ') + (bestEpoch ? ' of the best epoch' : ''),
    metric,
    maximize,
    of: (trial) => (trial.state === 'complete' ? finite(trial.value) : undefined),
  };
}

/** `metric` of `trial` whatever its state, as it was after its last epoch; undefined where it has none. */
export function metricOf({ epochs, result }: ReportedTrial, metric: Metric): number | undefined {
  const last = epochs.at(-1);
  switch (metric) {
    case 'loss':
      return last?.loss;
    case 'accuracy':
      return last?.accuracy;
    case 'validation-loss':
      return last?.validationLoss;
    case 'validation-accuracy':
      return last?.validationAccuracy;
    case 'test-loss':
      return result?.testLoss;
    case 'test-accuracy':
      return result?.testAccuracy;
  }
}

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
