/** Replays what the work thread measured into the metrics that the main thread serves. */
import type { TrainerMetrics } from '@weft/telemetry';
import type { Measurement } from './work/thread-messages.ts';

export function recordMeasurement(metrics: TrainerMetrics, measurement: Measurement): void {
  switch (measurement.kind) {
    case 'steps':
      metrics.training.stepsCommitted(measurement.run, measurement.outcome);
      return;
    case 'phase':
      for (let step = 0; step < measurement.steps; step++) {
        metrics.training.stepTimed(measurement.phase, measurement.seconds);
      }
      return;
    case 'regrouped':
      metrics.training.regrouped(measurement.run, measurement.generation, measurement.worldSize);
      return;
    case 'frames':
      metrics.training.framesMoved(measurement.direction, measurement.bytes);
      return;
    case 'attached':
      metrics.attached(measurement.attached);
  }
}
