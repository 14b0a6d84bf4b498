/** What a trainer measures, beside what it has in common with the coordinator. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { TrainingMetrics } from './training-metrics.ts';

/** See `TrainingMetrics`; the rest is the trainer's own. */
export interface TrainerMetrics {
  readonly training: TrainingMetrics;
  /** The stream to the coordinator was opened or lost. */
  attached(attached: boolean): void;
}

/** Registers the metrics of a trainer. */
export function createTrainerMetrics(registry: Registry): TrainerMetrics {
  const training = new TrainingMetrics(registry);
  const registers = [registry];
  const state = new Gauge({ name: 'weft_attached', help: 'Whether the trainer is attached: 1 or 0.', registers });
  const count = new Counter({ name: 'weft_attachments_total', help: 'Times the trainer attached itself.', registers });
  return {
    training,
    attached: (attached) => {
      state.set(attached ? 1 : 0);
      if (attached) count.inc();
    },
  };
}
