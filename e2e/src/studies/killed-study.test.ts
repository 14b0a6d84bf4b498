import { Studies, StudyFeed } from '@weft/coordinator';
import { resultTable } from '@weft/studies';
import { create, StudyExecutionSchema, StudyState } from '@weft/wire';
import { expect, test } from 'vitest';
import { MortalStore, type Death } from './mortal-store.ts';
import { silentLogger, syntheticDefinition, type StudyKind } from './study-cost.ts';
import { SyntheticRunner } from './synthetic-runner.ts';

const id = 'study';
const moreEpochs = 7;
const execution = create(StudyExecutionSchema, { minTrainers: 1, maxAttempts: 2 });

/** Submits a study, executes it, gives it more epochs and executes it again, whatever becomes of its coordinator. */
class Story {
  readonly #runner = new SyntheticRunner(3);
  readonly #mortal: MortalStore;
  #studies: Studies;

  constructor(kind: StudyKind, death?: Death) {
    this.#mortal = new MortalStore(death);
    this.#studies = this.#coordinator();
    const definition = syntheticDefinition(kind, 9);
    definition.concurrency = 4;
    this.#attempt(() => this.#studies.submit(id, definition, execution));
    this.#work();
    while (this.#studies.find(id).study.definition.base?.epochs !== moreEpochs) {
      this.#attempt(() => this.#studies.extend(id, { moreCells: 0, moreTrialSeeds: [], epochs: moreEpochs }));
      this.#work();
    }
  }

  get writes(): number {
    return this.#mortal.writes;
  }

  /** What it came to; `open` are runs that nobody needs any more. */
  get outcome() {
    const { view, study } = this.#studies.find(id);
    const trials = Array.from({ length: view.trialCount }, (_, trial) => view.trial(trial));
    return { state: study.state, table: resultTable(study.definition, trials), open: this.#runner.open() };
  }

  #coordinator(): Studies {
    const parts = { runner: this.#runner, feed: new StudyFeed(), log: silentLogger(), wallSeconds: () => 0 };
    const studies = new Studies({ ...parts, store: this.#mortal.store, fail: () => undefined });
    this.#runner.listener = studies.listener;
    return studies;
  }

  /** `undefined` where its coordinator was lost in the middle of it, and another one has the study. */
  #attempt<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (thrown) {
      if (!this.#mortal.isDead) throw thrown;
      this.#mortal.reopen();
      this.#studies = this.#coordinator();
      this.#studies.begin(true);
      return undefined;
    }
  }

  #work(): void {
    const turn = (): boolean => {
      // One trial has no memory, whenever it is tried.
      this.#runner.failNext(`${id}.2`, { kind: 'failed', code: 'resource-exhausted', reason: 'no memory' });
      return this.#runner.turn();
    };
    while (this.#attempt(turn) !== false) continue;
  }
}

test.each(['grid', 'asha', 'tpe'] as const)(
  'a study by %s comes to the same table wherever its coordinator is killed, or its machine crashes',
  (kind) => {
    const undisturbed = new Story(kind);
    const { outcome } = undisturbed;
    expect(outcome).toMatchObject({ state: StudyState.FINISHED, open: [] });
    for (let writes = 1; writes < undisturbed.writes; writes += 7) {
      const death = { writes, isDone: writes % 2 === 0, forgotten: writes % 3 === 0 ? 5 : 0 };
      expect({ death, ...new Story(kind, death).outcome }).toEqual({ death, ...outcome });
    }
  },
);
