/** All studies of a coordinator: who they are, which are on, and what people ask of them. */
import { describeError, WeftError, type ErrorCode } from '@weft/core';
import { isStudyId, problemsOfStudy, studyIdRule } from '@weft/studies';
import type { StoredStudy, StudyStore } from '@weft/store';
import { StudyState, type Study, type StudyDefinition, type StudyExecution } from '@weft/wire';
import type { Logger } from '@weft/telemetry';
import { extendedDefinition, type Extension } from './extension.ts';
import { noCosts } from './study-costs.ts';
import { StudyDriver } from './study-driver.ts';
import type { StudyFeed } from './study-feed.ts';
import { studyWithoutTrials } from './study-view.ts';
import type { TrialListener, TrialRunner } from './trial-runner.ts';

/** What studies work with. */
export interface StudiesParts {
  readonly store: StudyStore;
  readonly runner: TrialRunner;
  readonly feed: StudyFeed;
  readonly log: Logger;
  readonly wallSeconds: () => number;
  /** Ends the coordinator: what a study has decided cannot be kept. */
  readonly fail: (error: WeftError) => void;
}

export class Studies {
  readonly #parts: StudiesParts;
  readonly #drivers = new Map<string, StudyDriver>();
  /** How studies stand that have no driver: a driver has everything about its trials in memory. */
  readonly #atRest = new Map<string, Study>();

  constructor(parts: StudiesParts) {
    this.#parts = parts;
  }

  /** Who is to be told what becomes of runs. */
  get listener(): TrialListener {
    return {
      epochEnded: (run, study, epoch) => {
        this.#drivers.get(study)?.epochEnded(run, epoch);
      },
      ended: (run, study, end) => {
        this.#drivers.get(study)?.runEnded(run, end);
      },
    };
  }

  /**
   * Goes on with the studies that were on when the last coordinator stopped; or pauses them, where runs do not go on by themselves.
   * A study that cannot be executed, as another version may have left it, or whose memory does not hold, as a bug may have left it,
   * has failed: it must not keep the others from going on. Ends runs that their studies had done with, but that went on when the
   * last coordinator stopped. To be called before anybody asks for anything.
   */
  begin(goOn: boolean): void {
    const { store, runner } = this.#parts;
    for (const study of store.all()) {
      const { studyId, state, definition, execution } = study;
      if (state !== StudyState.RUNNING) continue;
      const problems = goOn ? problemsOfStudy(definition, execution) : [];
      if (problems.length > 0) this.#fail(studyId, `it cannot be executed: ${problems.join('; ')}`);
      else if (goOn)
        this.#tryToGoOn(studyId, () => {
          this.#begin(study);
        });
      else store.update(studyId, { state: StudyState.PAUSED, reason: 'interrupted; resume it' });
    }
    for (const { runId, studyId } of runner.open()) {
      if (this.#drivers.get(studyId)?.needs(runId) !== true) runner.stop(runId, 'its study has done with it');
    }
  }

  /**
   * What kept the study from going on, which has failed by that; nothing where it goes on. What the disk refuses is no fault of the
   * study: it is thrown, and ends the coordinator.
   */
  #tryToGoOn(studyId: string, goOn: () => void): WeftError | undefined {
    try {
      goOn();
      return undefined;
    } catch (cause) {
      if (cause instanceof WeftError && faultsOfDisk.includes(cause.code)) {
        this.#parts.fail(cause);
        throw cause;
      }
      const reason = `it cannot go on: ${describeError(cause)}`;
      this.#fail(studyId, reason);
      const code = cause instanceof WeftError ? cause.code : 'internal';
      return new WeftError(code, `study ${studyId} has failed: ${reason}`, { cause });
    }
  }

  /** As `#tryToGoOn`, but throws what kept the study from going on. */
  #goOn(studyId: string, goOn: () => void): void {
    const failure = this.#tryToGoOn(studyId, goOn);
    if (failure !== undefined) throw failure;
  }

  #fail(studyId: string, reason: string): void {
    const { store, runner, log, feed } = this.#parts;
    // What it has in memory is not what is stored.
    this.#drivers.delete(studyId);
    store.update(studyId, { state: StudyState.FAILED, reason });
    for (const run of runner.open()) if (run.studyId === studyId) runner.stop(run.runId, 'its study has failed');
    log.error(`study failed: ${reason}`, { study: studyId });
    feed.studyChanged(studyId);
  }

  /** `seconds` have passed. */
  tick(seconds: number): void {
    for (const driver of this.#drivers.values()) if (driver.isOn) driver.worked(seconds);
  }

  /** Begins a study. Throws 'invalid-argument' with every problem, or 'already-exists'. */
  submit(id: string, definition: StudyDefinition | undefined, execution: StudyExecution | undefined): Study {
    const { store, wallSeconds, log } = this.#parts;
    const problems = id === '' || isStudyId(id) ? [] : [`study_id: ${JSON.stringify(id)} must be ${studyIdRule}`];
    if (definition === undefined) problems.push('definition: is missing');
    if (execution === undefined) problems.push('execution: is missing');
    if (definition !== undefined && execution !== undefined) problems.push(...problemsOfStudy(definition, execution));
    if (problems.length > 0 || definition === undefined || execution === undefined) {
      throw new WeftError('invalid-argument', `the study was not accepted:\n  ${problems.join('\n  ')}`);
    }
    const study: StoredStudy = {
      studyId: id === '' ? newStudyId(wallSeconds()) : id,
      definition,
      execution,
      state: StudyState.RUNNING,
      reason: 'submitted',
      submittedAtSeconds: wallSeconds(),
      seconds: 0,
      costs: noCosts,
    };
    store.insert(study);
    log.info('study submitted', { study: study.studyId });
    this.#goOn(study.studyId, () => {
      this.#begin(study);
    });
    return this.find(study.studyId).view.study(true);
  }

  /** Throws 'not-found', or what `openDriver` does where it is there, but cannot be read. */
  find(id: string): StudyDriver {
    const known = this.#drivers.get(id);
    if (known !== undefined) return known;
    const study = this.#parts.store.find(id);
    if (study !== undefined) return this.#load(study);
    const ids = this.#parts.store.all().map(({ studyId }) => studyId);
    const hint = ids.length === 0 ? 'there are no studies' : `there are ${ids.slice(-5).join(', ')}`;
    throw new WeftError('not-found', `study ${id} does not exist; ${hint}`);
  }

  /** All studies. Others get their turn between those that have to be read. */
  async all(): Promise<Study[]> {
    const studies: Study[] = [];
    for (const study of this.#parts.store.all()) {
      const known = this.#drivers.get(study.studyId)?.view.study(false) ?? this.#atRest.get(study.studyId);
      studies.push(known ?? this.#readAtRest(study));
      if (known === undefined) await new Promise((resolve) => setImmediate(resolve));
    }
    return studies;
  }

  #readAtRest(study: StoredStudy): Study {
    const read = this.#viewAtRest(study);
    this.#atRest.set(study.studyId, read);
    return read;
  }

  /** Of a study whose trials cannot be read, what is stored beside them: one must not keep the others from being listed. */
  #viewAtRest(study: StoredStudy): Study {
    try {
      return openDriver(study, this.#parts).view.study(false);
    } catch (thrown) {
      if (thrown instanceof WeftError && faultsOfDisk.includes(thrown.code)) throw thrown;
      this.#parts.log.error('the trials of a study cannot be read', {
        study: study.studyId,
        error: describeError(thrown),
      });
      return studyWithoutTrials(study, false);
    }
  }

  pause(id: string): Study {
    const driver = this.#inState(id, 'paused', StudyState.RUNNING);
    driver.pause();
    return driver.view.study(false);
  }

  resume(id: string): Study {
    const driver = this.#inState(id, 'resumed', StudyState.PAUSED, StudyState.RUNNING, StudyState.FAILED);
    requireExecutable(driver);
    this.#goOn(id, () => {
      if (!driver.isOn) driver.resume();
    });
    return driver.view.study(false);
  }

  cancel(id: string, reason: string): Study {
    const driver = this.#inState(id, 'cancelled', StudyState.RUNNING, StudyState.PAUSED);
    driver.cancel(reason === '' ? 'cancelled' : reason);
    return driver.view.study(false);
  }

  retry(id: string, trials: readonly number[]): Study {
    const driver = this.find(id);
    const unfit = trials.filter((trial) => driver.view.phaseOf(trial) !== 'excused');
    if (unfit.length > 0) {
      const rule = 'only excused trials can be tried again';
      throw new WeftError('precondition-failed', `trials ${unfit.join(', ')} of study ${id} are not excused; ${rule}`);
    }
    if (driver.view.study(false).counts?.excused === 0) {
      throw new WeftError('precondition-failed', `study ${id} has no excused trials: there is nothing to try again`);
    }
    requireExecutable(driver);
    this.#goOn(id, () => {
      driver.retry(trials);
    });
    return driver.view.study(false);
  }

  /** The study goes on as the larger one that it is now. Throws 'invalid-argument' with every problem. */
  extend(id: string, extension: Extension): Study {
    const driver = this.find(id);
    const definition = extendedDefinition(driver.study, extension);
    const problems = problemsOfStudy(definition, driver.study.execution);
    if (problems.length > 0) {
      throw new WeftError('invalid-argument', `the study cannot be extended:\n  ${problems.join('\n  ')}`);
    }
    const { store } = this.#parts;
    const change = { definition, state: StudyState.RUNNING, reason: 'extended' };
    // With more epochs every trial is another one, and so may be every decision.
    const isAnew = extension.epochs > 0;
    if (isAnew) store.restart(id, change);
    else store.append(id, [], [{ kind: 'extended', moreCells: extension.moreCells > 0 }], change);
    driver.leave(isAnew);
    this.#goOn(id, () => {
      this.#begin({ ...driver.study, ...change });
    });
    return this.find(id).view.study(false);
  }

  #inState(id: string, what: string, ...states: readonly StudyState[]): StudyDriver {
    const driver = this.find(id);
    if (states.includes(driver.study.state)) return driver;
    const now = stateNames[driver.study.state];
    throw new WeftError('precondition-failed', `study ${id} is ${now} (${driver.study.reason}): it cannot be ${what}`);
  }

  #begin(study: StoredStudy): void {
    this.#load(study).begin();
  }

  #load(study: StoredStudy): StudyDriver {
    const driver = openDriver(study, this.#parts);
    this.#drivers.set(study.studyId, driver);
    this.#atRest.delete(study.studyId);
    return driver;
  }
}

/** What the disk is at fault for, not a study. */
const faultsOfDisk: readonly ErrorCode[] = ['resource-exhausted', 'unavailable'];

/** Throws 'precondition-failed' where this version does not have what the study names. */
function openDriver(study: StoredStudy, parts: StudiesParts): StudyDriver {
  try {
    return new StudyDriver(study, parts);
  } catch (cause) {
    if (!(cause instanceof WeftError) || cause.code !== 'invalid-argument') throw cause;
    throw new WeftError('precondition-failed', `study ${study.studyId} cannot be read: ${cause.message}`, { cause });
  }
}

/** Throws 'precondition-failed' with every problem where a study that is to go on cannot be executed. */
function requireExecutable({ study }: StudyDriver): void {
  const problems = problemsOfStudy(study.definition, study.execution);
  if (problems.length === 0) return;
  const message = `study ${study.studyId} cannot be executed:\n  ${problems.join('\n  ')}`;
  throw new WeftError('precondition-failed', message);
}

const stateNames: Readonly<Record<StudyState, string>> = {
  [StudyState.UNSPECIFIED]: 'in no state',
  [StudyState.RUNNING]: 'running',
  [StudyState.PAUSED]: 'paused',
  [StudyState.FINISHED]: 'finished',
  [StudyState.CANCELLED]: 'cancelled',
  [StudyState.FAILED]: 'failed',
};

/** A name for a study that was given none. */
function newStudyId(wallSeconds: number): string {
  const stamp = new Date(wallSeconds * 1000).toISOString().replace(/[-:]/g, '').replace('.', '-').toLowerCase();
  return `study-${stamp.replace('z', '')}`;
}
