/**
 * Executes trials by a formula: what is left is what a study costs its coordinator. Runs end in the order in which they were asked
 * for, an epoch a turn each, as many at a time as there are trainers.
 */
import type { KnownRun, TrialListener, TrialRun, TrialRunner } from '@weft/coordinator';
import { invariant, philoxBlock, type RunId } from '@weft/core';
import type { RunEnd } from '@weft/tuning';
import { create, EpochResultSchema, RunResultSchema, type EpochResult } from '@weft/wire';

interface SyntheticRun extends TrialRun {
  readonly epochs: EpochResult[];
  end: RunEnd | undefined;
}

export class SyntheticRunner implements TrialRunner {
  readonly #runs = new Map<RunId, SyntheticRun>();
  readonly #queue: SyntheticRun[] = [];
  readonly #working = new Set<SyntheticRun>();
  readonly #failures = new Map<string, RunEnd>();
  readonly #trainers: number;
  #next = 0;
  listener: TrialListener | undefined;
  /** The learning curves. */
  accuracyOf: (run: TrialRun, epoch: number) => number = accuracyOf;

  constructor(trainers: number) {
    this.#trainers = trainers;
  }

  /** Lets every run at work take an epoch; false where there was none. */
  turn(): boolean {
    while (this.#working.size < this.#trainers && this.#next < this.#queue.length) {
      const run = this.#queue[this.#next++];
      if (run !== undefined && run.end === undefined) this.#working.add(run);
    }
    if (this.#working.size === 0) return false;
    for (const run of [...this.#working]) if (run.end === undefined) this.#epoch(run);
    for (const run of [...this.#working]) if (run.end !== undefined) this.#working.delete(run);
    return true;
  }

  /** The run ends like this instead of ending its second epoch, once. */
  failNext(runId: string, end: RunEnd): void {
    this.#failures.set(runId, end);
  }

  find(runId: RunId): KnownRun | undefined {
    const run = this.#runs.get(runId);
    if (run === undefined) return undefined;
    const { studyId, configuration, epochs, end } = run;
    const isFinished = end?.kind === 'finished';
    const result = isFinished
      ? create(RunResultSchema, { testAccuracy: epochs.at(-1)?.validationAccuracy ?? 0 })
      : undefined;
    return { studyId, configuration, epochs, end, result, isWorking: this.#working.has(run) };
  }

  open(): SyntheticRun[] {
    return [...this.#runs.values()].filter(({ end }) => end === undefined);
  }

  submit(run: TrialRun): void {
    invariant(!this.#runs.has(run.runId), `run ${run.runId} is submitted twice`);
    const synthetic: SyntheticRun = { ...run, epochs: [], end: undefined };
    this.#runs.set(run.runId, synthetic);
    this.#queue.push(synthetic);
  }

  resume(trial: TrialRun): void {
    const run = this.#runs.get(trial.runId);
    invariant(run?.end !== undefined, `run ${trial.runId} has not ended`);
    run.end = undefined;
    this.#queue.push(run);
  }

  stop(runId: RunId, reason: string): void {
    const run = this.#runs.get(runId);
    if (run === undefined || run.end !== undefined) return;
    run.end = { kind: 'cancelled', reason };
    this.#working.delete(run);
  }

  urge(): void {
    // Every run comes to its turn.
  }

  isWorking(runId: RunId): boolean {
    const run = this.#runs.get(runId);
    return run !== undefined && this.#working.has(run);
  }

  studyCosts() {
    return { trainerSeconds: 0, usefulSeconds: 0, lostSeconds: 0, examples: 0 };
  }

  #epoch(run: SyntheticRun): void {
    const { runId, studyId, configuration } = run;
    const epoch = run.epochs.length + 1;
    const failure = epoch === 2 ? this.#failures.get(runId) : undefined;
    if (failure !== undefined) {
      this.#failures.delete(runId);
      this.#end(run, failure);
      return;
    }
    // Its last epoch may have been the last thing that a coordinator heard.
    if (epoch <= configuration.epochs) {
      const result = create(EpochResultSchema, { epoch, validationAccuracy: this.accuracyOf(run, epoch) });
      run.epochs.push(result);
      this.listener?.epochEnded(runId, studyId, result);
    }
    if (run.end === undefined && epoch >= configuration.epochs) this.#end(run, { kind: 'finished' });
  }

  #end(run: SyntheticRun, end: RunEnd): void {
    run.end = end;
    this.#working.delete(run);
    this.listener?.ended(run.runId, run.studyId, end);
  }
}

/** A learning curve: best at a rate of 0.01, with noise that depends on the run alone. */
function accuracyOf({ configuration, trial }: TrialRun, epoch: number): number {
  const rate = Math.log10(configuration.optimizer?.learningRate ?? 1);
  const noise = new Uint32Array(4);
  philoxBlock(trial, epoch, 0, 0, 1, 2, noise);
  return 0.9 - 0.05 * (rate + 2) ** 2 - 0.3 / (epoch + 1) + 0.01 * ((noise[0] ?? 0) / 2 ** 32);
}
