/** A run that is queued or on, and what is known of it while it is. */
import type { PlacedRun, TrainerId } from '@weft/core';
import type { StoredRun } from '@weft/store';
import { RunState } from '@weft/wire';
import type { RunDriver } from './run-driver.ts';
import { startTrainersOf } from './start-trainers.ts';
import { workloadOf } from './workload-speeds.ts';

export class OpenRun {
  /** In which runs are listed and, where nothing else decides, served. */
  readonly order: number;
  readonly refused: Set<TrainerId> = new Set<TrainerId>();
  /** Trainers of which it was told that their engine is another one. */
  readonly misfits: Set<TrainerId> = new Set<TrainerId>();
  readonly #workload: string;
  /** As it was stored last, before it was on. */
  run: StoredRun;
  /** Once it has its gang. */
  driver: RunDriver | undefined;
  urgency = 0;
  changedMs: number;
  /** Why it waits, while it is queued. */
  waiting = '';

  constructor(run: StoredRun, order: number, nowMs: number) {
    this.run = run;
    this.order = order;
    this.changedMs = nowMs;
    this.#workload = workloadOf(run.configuration);
  }

  get workload(): string {
    return this.#workload;
  }

  /** As placement sees it. */
  get placed(): PlacedRun {
    const { run, driver, order, urgency, refused, changedMs } = this;
    const { runId: id, studyId: group, priority, maxTrainers } = run;
    const engineFingerprint = driver?.record.engineFingerprint ?? run.engineFingerprint;
    const isInterrupted = driver === undefined && run.state === RunState.RUNNING;
    const required = driver?.required ?? startTrainersOf(run);
    return {
      ...{ id, group, priority, order, urgency, refused, changedMs, maxTrainers, engineFingerprint },
      ...{ isOn: driver !== undefined, isInterrupted, required, workload: this.#workload },
    };
  }
}
