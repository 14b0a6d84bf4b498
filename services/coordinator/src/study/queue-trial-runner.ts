/** Trials as runs of the queue. */
import type { RunStore, StoredCosts, StoredRun } from '@weft/store';
import type { RunId, TransportSetting } from '@weft/core';
import type { RunEnd } from '@weft/tuning';
import { RunState, TransportSetting as TransportSettingMessage, type EpochResult } from '@weft/wire';
import type { RunIdentity, RunObserver } from '../run/run-observer.ts';
import type { RunQueue } from '../run/run-queue.ts';
import type { KnownRun, TrialListener, TrialRun, TrialRunner } from './trial-runner.ts';

const transports: Readonly<Partial<Record<TransportSettingMessage, TransportSetting>>> = {
  [TransportSettingMessage.STAR]: 'star',
  [TransportSettingMessage.DIRECT]: 'direct',
};

export class QueueTrialRunner implements TrialRunner, RunObserver {
  readonly #queue: RunQueue;
  readonly #store: RunStore;
  readonly #wallSeconds: () => number;
  /** Runs that were ended for their study, of whose end the queue has not told yet; and what is to be resumed after that. */
  readonly #stopping = new Map<RunId, TrialRun | undefined>();
  #listener: TrialListener | undefined;

  /** Observe the queue with it. */
  constructor(queue: RunQueue, store: RunStore, wallSeconds: () => number) {
    this.#queue = queue;
    this.#store = store;
    this.#wallSeconds = wallSeconds;
  }

  /** Whom to tell what becomes of runs of studies. */
  listen(listener: TrialListener): void {
    this.#listener = listener;
  }

  find(runId: RunId): KnownRun | undefined {
    const run = this.#store.find(runId);
    if (run === undefined) return undefined;
    // One that is being stopped for its study is as good as ended, unless it is to be resumed after that.
    const end = this.#stopping.has(runId) ? ({ kind: 'cancelled', reason: run.reason } as const) : endOf(run);
    return {
      studyId: run.studyId,
      configuration: run.configuration,
      epochs: this.#store.epochs(runId),
      end: this.#stopping.get(runId) === undefined ? end : undefined,
      result: run.result,
      isWorking: this.isWorking(runId),
    };
  }

  open(): StoredRun[] {
    return this.#store.inState(RunState.QUEUED, RunState.RUNNING).filter(({ studyId }) => studyId !== '');
  }

  submit(trial: TrialRun): void {
    const { runId, configuration, studyId, execution } = trial;
    const run: StoredRun = {
      ...{ runId, configuration, studyId, trial: trial.trial, ...limitsOf(trial) },
      transport: transports[execution.transport] ?? 'auto',
      submittedAtSeconds: this.#wallSeconds(),
      state: RunState.QUEUED,
      reason: 'waiting for its turn',
      failureCode: '',
      generation: 0,
      checkpoint: 0,
      engineFingerprint: '',
      result: undefined,
    };
    this.#queue.submit(run, 'soon');
  }

  resume(trial: TrialRun): void {
    if (this.#stopping.has(trial.runId)) this.#stopping.set(trial.runId, trial);
    else this.#queue.resume(trial.runId, limitsOf(trial), 'soon');
  }

  stop(runId: RunId, reason: string): void {
    const isStopping = this.#stopping.has(runId);
    const run = this.#store.find(runId);
    if (run === undefined || (endOf(run) !== undefined && !isStopping)) return;
    this.#stopping.set(runId, undefined);
    if (!isStopping) this.#queue.cancel(runId, reason);
  }

  urge(runId: RunId, urgency: number): void {
    this.#queue.setUrgency(runId, urgency);
  }

  isWorking(runId: RunId): boolean {
    return this.#queue.driverOf(runId) !== undefined;
  }

  studyCosts(studyId: string): StoredCosts {
    const { trainerSeconds, stepSeconds, lostSeconds, examples } = this.#queue.usageOfStudy(studyId);
    return { trainerSeconds, usefulSeconds: stepSeconds, lostSeconds, examples };
  }

  epochEnded({ runId, studyId }: RunIdentity, epoch: EpochResult): void {
    if (studyId !== '' && !this.#stopping.has(runId)) this.#listener?.epochEnded(runId, studyId, epoch);
  }

  ended(run: StoredRun): void {
    const { runId, studyId } = run;
    if (this.#stopping.has(runId)) {
      const next = this.#stopping.get(runId);
      this.#stopping.delete(runId);
      if (next !== undefined) this.resume(next);
      return;
    }
    const end = endOf(run);
    if (studyId !== '' && end !== undefined) this.#listener?.ended(runId, studyId, end);
  }
}

function limitsOf({ execution }: TrialRun) {
  const { minTrainers, maxTrainers, priority } = execution;
  const least = Math.max(1, minTrainers);
  return { minTrainers: least, startTrainers: least, maxTrainers, priority };
}

function endOf({ state, reason, failureCode }: StoredRun): RunEnd | undefined {
  switch (state) {
    case RunState.FINISHED:
      return { kind: 'finished' };
    case RunState.DIVERGED:
      return { kind: 'diverged', reason };
    case RunState.FAILED:
      return { kind: 'failed', code: failureCode === '' ? 'internal' : failureCode, reason };
    case RunState.CANCELLED:
      return { kind: 'cancelled', reason };
    default:
      return undefined;
  }
}
