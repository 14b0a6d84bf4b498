/** The metrics that coordinator and trainers have in common, so that one dashboard reads both. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** Where the time of a step goes: gathering examples, computing gradients, waiting for others, adding and applying. */
export type StepPhase = 'data' | 'compute' | 'wait' | 'reduce';

export type FrameDirection = 'sent' | 'received';

/** What a number of steps came to. `loss` and `accuracy` are means over their examples. */
export interface StepOutcome {
  readonly steps: number;
  readonly examples: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** Runs that have series at a time; the one that was first seen longest ago makes room. */
const maxRuns = 32;

const stepSecondsBuckets = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
];

/** Records training in a registry. Counters of a coordinator count the whole run, those of a trainer its own share. */
export class TrainingMetrics {
  readonly #runs = new Set<string>();
  readonly #ofRun: { remove(labels: { run: string }): void }[] = [];
  readonly #registry: Registry;
  readonly #examples: Counter<'run'>;
  readonly #steps: Counter<'run'>;
  readonly #loss: Gauge<'run'>;
  readonly #accuracy: Gauge<'run'>;
  readonly #worldSize: Gauge<'run'>;
  readonly #generation: Gauge<'run'>;
  readonly #stepSeconds: Histogram<'phase'>;
  readonly #frameBytes: Counter<'direction'>;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#examples = this.#runCounter('weft_examples_total', 'Training examples of committed steps.');
    this.#steps = this.#runCounter('weft_steps_total', 'Committed optimizer steps.');
    this.#loss = this.runGauge('weft_loss', 'Mean training loss of the last steps.');
    this.#accuracy = this.runGauge('weft_accuracy', 'Training accuracy of the last steps, 0 to 1.');
    this.#worldSize = this.runGauge('weft_world_size', 'Trainers in the current generation of the run.');
    this.#generation = this.runGauge('weft_generation', 'Number of the current generation of the run.');
    const help = 'Seconds of one step by phase.';
    const buckets = stepSecondsBuckets;
    const registers = [registry];
    this.#stepSeconds = new Histogram({ name: 'weft_step_seconds', help, labelNames: ['phase'], buckets, registers });
    const bytesHelp = 'Bytes of frame payloads by direction.';
    const labelNames = ['direction'] as const;
    this.#frameBytes = new Counter({ name: 'weft_frames_bytes_total', help: bytesHelp, labelNames, registers });
  }

  /** A gauge with a series a run, that `forgetRun` takes away. */
  runGauge(name: string, help: string): Gauge<'run'> {
    const gauge = new Gauge({ name, help, labelNames: ['run'], registers: [this.#registry] });
    this.#ofRun.push(gauge);
    return gauge;
  }

  #runCounter(name: string, help: string): Counter<'run'> {
    const counter = new Counter({ name, help, labelNames: ['run'], registers: [this.#registry] });
    this.#ofRun.push(counter);
    return counter;
  }

  /** Steps of a run were committed. */
  stepsCommitted(run: string, outcome: StepOutcome): void {
    this.track(run);
    this.#steps.inc({ run }, outcome.steps);
    this.#examples.inc({ run }, outcome.examples);
    this.#loss.set({ run }, outcome.loss);
    this.#accuracy.set({ run }, outcome.accuracy);
  }

  /** Where the time of one step went. */
  stepTimed(phase: StepPhase, seconds: number): void {
    this.#stepSeconds.observe({ phase }, seconds);
  }

  /** A run has a new generation. */
  regrouped(run: string, generation: number, worldSize: number): void {
    this.track(run);
    this.#generation.set({ run }, generation);
    this.#worldSize.set({ run }, worldSize);
  }

  /** Frame payloads went over the wire. */
  framesMoved(direction: FrameDirection, bytes: number): void {
    this.#frameBytes.inc({ direction }, bytes);
  }

  /** Takes the series of a run away. */
  forgetRun(run: string): void {
    this.#runs.delete(run);
    for (const metric of this.#ofRun) metric.remove({ run });
  }

  /** Notes that a run has series, and makes room where there are too many. */
  track(run: string): void {
    if (this.#runs.has(run)) return;
    const [oldest] = this.#runs;
    if (this.#runs.size >= maxRuns && oldest !== undefined) this.forgetRun(oldest);
    this.#runs.add(run);
  }
}
