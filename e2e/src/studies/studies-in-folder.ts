/** A coordinator's part for studies, over a store in a folder and runs that are computed by a formula: both outlive it. */
import { Studies, StudyFeed } from '@weft/coordinator';
import type { WeftError } from '@weft/core';
import { openSqliteStudyStore, type StudyStore } from '@weft/store';
import { createLogger } from '@weft/telemetry';
import { resultTable } from '@weft/studies';
import { create, StudyExecutionSchema, type Study, type Trial } from '@weft/wire';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { syntheticDefinition, type StudyKind } from './study-cost.ts';
import { SyntheticRunner } from './synthetic-runner.ts';

/** The study that the methods are about. */
export const id = 'study';

export const execution = create(StudyExecutionSchema, { minTrainers: 1, maxAttempts: 2 });

export class StudiesInFolder {
  readonly #directory = mkdtempSync(join(tmpdir(), 'weft-studies-'));
  readonly runner: SyntheticRunner;
  studies: Studies;
  store: StudyStore;
  /** Why the coordinator was to end, if it was. */
  failure: WeftError | undefined;
  /** What coordinators have logged as an error. */
  readonly errors: string[] = [];
  readonly #change: (store: StudyStore) => Partial<StudyStore>;

  /** `change` is what is other about the store. */
  constructor(trainers = 4, change: (store: StudyStore) => Partial<StudyStore> = () => ({})) {
    this.runner = new SyntheticRunner(trainers);
    this.#change = change;
    this.store = this.#openStore();
    this.studies = this.#openStudies();
  }

  submit(kind: StudyKind, trials: number): Study {
    return this.studies.submit(id, syntheticDefinition(kind, trials), execution);
  }

  get now(): Study {
    return this.studies.find(id).view.study(false);
  }

  get trials(): Trial[] {
    const { view } = this.studies.find(id);
    return Array.from({ length: view.trialCount }, (_, trial) => view.trial(trial));
  }

  get table(): string {
    return resultTable(this.studies.find(id).study.definition, this.trials);
  }

  /** Lets runs go on until there is nothing left to do, or for `count` turns. */
  turns(count = 100_000): void {
    for (let turn = 0; turn < count; turn++) if (!this.runner.turn()) return;
  }

  /** Another coordinator, that has not begun to go on. */
  reopen(): void {
    this.store.close();
    this.store = this.#openStore();
    this.studies = this.#openStudies();
  }

  /** Another coordinator, that goes on where the last one stopped. */
  restart(): void {
    this.reopen();
    this.studies.begin(true);
  }

  remove(): void {
    this.store.close();
    rmSync(this.#directory, { recursive: true });
  }

  #openStore(): StudyStore {
    return openSqliteStudyStore(join(this.#directory, 'studies.sqlite'));
  }

  #openStudies(): Studies {
    const fail = (error: WeftError): void => {
      this.failure = error;
    };
    const stream = { write: (line: string) => this.errors.push(line) };
    const log = createLogger({ component: 'studies', level: 'error', format: 'human', stream });
    const parts = { runner: this.runner, feed: new StudyFeed(), log, wallSeconds: () => 1000, fail };
    const studies = new Studies({ ...parts, store: { ...this.store, ...this.#change(this.store) } });
    this.runner.listener = studies.listener;
    return studies;
  }
}
