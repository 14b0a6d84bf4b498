/** What a coordinator measures, beside what it has in common with trainers. */
import { Counter, Gauge, type Registry } from 'prom-client';
import { TrainingMetrics, type StepPhase } from './training-metrics.ts';

/** What a trainer is doing, as the coordinator sees it. */
export type TrainerState = 'idle' | 'loading' | 'working';

/** An epoch's evaluation on the validation examples. */
export interface EpochOutcome {
  /** From 1. */
  readonly epoch: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  readonly examplesPerSecond: number;
}

/** How an attached trainer does, by the mean of its last steps. */
export interface TrainerPace {
  /** Seconds a step. */
  readonly seconds: Readonly<Record<StepPhase, number>>;
  /** Its part of the chunks, 0 to 1. */
  readonly share: number;
  /** Whether the others wait for it more than for each other. */
  readonly slow: boolean;
}

/** Read when metrics are collected, not before. */
export interface CoordinatorSources {
  /** Attached trainers by state. */
  trainers(): Readonly<Record<TrainerState, number>>;
  /** Seconds since each attached trainer was last heard of, by trainer id. */
  heartbeatAges(): ReadonlyMap<string, number>;
  /** By trainer id; those that are at work and were timed. */
  paces(): ReadonlyMap<string, TrainerPace>;
  /** Runs by state, such as `queued`. */
  runs(): ReadonlyMap<string, number>;
}

/** See `TrainingMetrics`; the rest is the coordinator's own. */
export interface CoordinatorMetrics {
  readonly training: TrainingMetrics;
  epochFinished(run: string, outcome: EpochOutcome): void;
  /** A trainer was lost: silent for too long, or its stream was cut. */
  trainerLost(): void;
  /** A checkpoint was written. */
  checkpointSaved(seconds: number): void;
}

/** Registers the metrics of a coordinator. */
export function createCoordinatorMetrics(registry: Registry, sources: CoordinatorSources): CoordinatorMetrics {
  const training = new TrainingMetrics(registry);
  const registers = [registry];
  const epoch = training.runGauge('weft_epoch', 'Epochs that the run has finished.');
  const loss = training.runGauge('weft_validation_loss', 'Mean loss on the validation examples after the last epoch.');
  const accuracy = training.runGauge('weft_validation_accuracy', 'Accuracy on the validation examples, 0 to 1.');
  const speed = training.runGauge('weft_examples_per_second', 'Training examples a second in the last epoch.');
  const lost = new Counter({ name: 'weft_trainers_lost_total', help: 'Trainers that were lost.', registers });
  const checkpoint = new Gauge({
    name: 'weft_checkpoint_seconds',
    help: 'Seconds the last checkpoint took.',
    registers,
  });
  collected(registry, 'weft_trainers', 'Attached trainers by state.', 'state', () =>
    Object.entries(sources.trainers()),
  );
  collected(registry, 'weft_runs', 'Runs by state.', 'state', () => sources.runs());
  const ageHelp = 'Seconds since a trainer was last heard of.';
  collected(registry, 'weft_heartbeat_age_seconds', ageHelp, 'trainer', () => sources.heartbeatAges());
  collectPaces(registry, sources);
  return {
    training,
    epochFinished: (run, outcome) => {
      training.track(run);
      epoch.set({ run }, outcome.epoch);
      loss.set({ run }, outcome.validationLoss);
      accuracy.set({ run }, outcome.validationAccuracy);
      speed.set({ run }, outcome.examplesPerSecond);
    },
    trainerLost: () => {
      lost.inc();
    },
    checkpointSaved: (seconds) => {
      checkpoint.set(seconds);
    },
  };
}

function collectPaces(registry: Registry, sources: CoordinatorSources): void {
  const ofTrainers = (value: (pace: TrainerPace) => number) => () =>
    [...sources.paces()].map(([trainer, pace]) => [trainer, value(pace)] as const);
  const shareHelp = 'Part of the chunks of a step that a trainer computes, 0 to 1.';
  const slowHelp = 'Whether a trainer is slow beside the others of its run: 1 or 0.';
  collected(
    registry,
    'weft_trainer_share',
    shareHelp,
    'trainer',
    ofTrainers(({ share }) => share),
  );
  collected(
    registry,
    'weft_trainer_slow',
    slowHelp,
    'trainer',
    ofTrainers(({ slow }) => Number(slow)),
  );
  const gauge = new Gauge({
    name: 'weft_trainer_step_seconds',
    help: 'Seconds a step of a trainer by phase, mean over its last steps.',
    labelNames: ['trainer', 'phase'],
    registers: [registry],
    collect: () => {
      gauge.reset();
      for (const [trainer, { seconds }] of sources.paces()) {
        for (const [phase, value] of Object.entries(seconds)) gauge.set({ trainer, phase }, value);
      }
    },
  });
}

/** A gauge whose series are read anew at each collection, so that none outlives its thing. */
function collected(
  registry: Registry,
  name: string,
  help: string,
  label: string,
  read: () => Iterable<readonly [string, number]>,
): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    labelNames: [label],
    registers: [registry],
    collect: () => {
      gauge.reset();
      for (const [value, amount] of read()) gauge.set({ [label]: value }, amount);
    },
  });
}
