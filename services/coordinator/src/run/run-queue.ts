/**
 * Which run is on, and who works for it: runs go one at a time, in the order in which they were submitted, and every idle trainer
 * is given to the one that is on.
 */
import { describeError, runId as brandRunId, WeftError, type RunId, type TrainerId } from '@weft/core';
import { RunState, type Run } from '@weft/wire';
import type { Cluster } from '../cluster/cluster.ts';
import type { StoredRun } from '@weft/store';
import type { RunContext } from './run-context.ts';
import { RunDriver } from './run-driver.ts';
import { runOf } from './run-record.ts';
import { wayBack, type LostCheckpoint } from './way-back.ts';

const stateNames = new Map<number, string>(
  Object.entries(RunState).map(([name, state]) => [state, name.toLowerCase()] as const),
);

export class RunQueue {
  readonly #context: RunContext;
  readonly #cluster: () => Cluster;
  readonly #released = new Set<TrainerId>();
  #active: RunDriver | undefined;

  /** `cluster` is asked for when trainers are placed; by then it exists. */
  constructor(context: Omit<RunContext, 'runEnded' | 'trainerReleased' | 'checkpointLost'>, cluster: () => Cluster) {
    this.#cluster = cluster;
    this.#context = {
      ...context,
      runEnded: (run) => {
        this.#ended(run);
      },
      checkpointLost: (run, position, error) => {
        this.#goBackFrom(run, position, error);
      },
      trainerReleased: (trainer) => {
        const member = this.#cluster().find(trainer);
        if (member !== undefined) member.driver = undefined;
        this.#released.add(trainer);
        this.#cluster().dismiss(trainer);
      },
    };
  }

  /** The run that is on. */
  get active(): RunDriver | undefined {
    return this.#active;
  }

  /** Starts the next run if none is on, and gives it every idle trainer. Call it after anything has changed. */
  place(): void {
    if (this.#active === undefined) this.#startNext();
    const driver = this.#active;
    if (driver === undefined) return;
    for (const member of this.#cluster().members) {
      const { id } = member.link;
      if (member.driver !== undefined || member.leaving !== undefined || this.#released.has(id)) continue;
      member.driver = driver;
      driver.post({ kind: 'trainer-assigned', trainer: id, reachable: member.link.hello.peerAddress !== '' });
      if (this.#active !== driver) return;
    }
  }

  /** A trainer is gone: should one with its name come again, it is a newcomer. */
  forget(trainer: TrainerId): void {
    this.#released.delete(trainer);
  }

  /** Puts a new run at the end of the queue. Throws 'already-exists' where its id is taken. */
  submit(run: StoredRun): Run {
    this.#context.store.insert(run);
    this.#context.log.info('run submitted', { run: run.runId });
    this.place();
    return this.describe(run.runId);
  }

  /** Puts an ended run back into the queue. Throws 'precondition-failed' where it has finished or is under way. */
  resume(runId: RunId, minTrainers: number, startTrainers: number): Run {
    const run = this.#find(runId);
    const resumable = [RunState.FAILED, RunState.CANCELLED].some((state) => state === run.state);
    const waiting = run.state === RunState.QUEUED || run.state === RunState.RUNNING;
    if (!resumable && !waiting) {
      const state = run.state === RunState.DIVERGED ? 'has diverged, and would again' : 'has finished';
      throw new WeftError('precondition-failed', `run ${runId} ${state}: there is nothing to resume`);
    }
    if (this.#active?.run.runId === runId) return this.describe(runId);
    this.#context.store.update(runId, { state: RunState.QUEUED, reason: 'resumed', minTrainers, startTrainers });
    this.place();
    return this.describe(runId);
  }

  /** Has the replicas of a run compared. Throws 'precondition-failed' where it is not on. */
  audit(runId: RunId): Run {
    if (this.#active?.run.runId !== runId) {
      this.#find(runId);
      throw new WeftError('precondition-failed', `run ${runId} is not on: there are no replicas to compare`);
    }
    this.#active.post({ kind: 'audit-requested' });
    return this.describe(runId);
  }

  /** Ends a run that is queued or on. Throws 'precondition-failed' where it has ended. */
  cancel(runId: RunId, reason: string): Run {
    if (this.#active?.run.runId === runId) {
      this.#active.post({ kind: 'cancelled', reason });
      return this.describe(runId);
    }
    const run = this.#find(runId);
    if (run.state !== RunState.QUEUED) {
      throw new WeftError('precondition-failed', `run ${runId} has ended: there is nothing to cancel`);
    }
    this.#context.store.update(runId, { state: RunState.CANCELLED, reason });
    this.#tellEnd(runId);
    return this.describe(runId);
  }

  /** Ends every run that is queued or was under way when the last coordinator stopped; each can be resumed. */
  interruptAll(): void {
    for (const run of this.#context.store.all()) {
      if (run.state !== RunState.QUEUED && run.state !== RunState.RUNNING) continue;
      this.#context.store.update(run.runId, { state: RunState.CANCELLED, reason: 'interrupted; it can be resumed' });
    }
  }

  /** Throws 'not-found'. */
  describe(runId: RunId): Run {
    if (this.#active?.run.runId === runId) return this.#active.record.snapshot;
    return runOf(this.#find(runId), this.#context.store.epochs(runId));
  }

  describeAll(): Run[] {
    return this.#context.store.all().map((run) => this.describe(run.runId));
  }

  /** How many runs there are in each state, by its name in lower case. */
  countByState(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const run of this.#context.store.all()) {
      const name = stateNames.get(run.state) ?? 'unknown';
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }

  #find(runId: RunId): StoredRun {
    const run = this.#context.store.find(runId);
    if (run === undefined) {
      const known = this.#context.store.all().map((stored) => stored.runId);
      const hint = known.length === 0 ? 'there are no runs' : `the last ones are ${known.slice(-5).join(', ')}`;
      throw new WeftError('not-found', `run ${runId} does not exist; ${hint}`);
    }
    return run;
  }

  /** A run that was on when the coordinator stopped counts as queued, before all others. */
  #startNext(): void {
    const runs = this.#context.store.all();
    const next =
      runs.find((run) => run.state === RunState.RUNNING) ?? runs.find((run) => run.state === RunState.QUEUED);
    if (next === undefined) return;
    this.#released.clear();
    try {
      this.#start(next);
    } catch (thrown) {
      if (!(thrown instanceof WeftError)) throw thrown;
      this.#context.log.error('the run cannot start', { run: next.runId, error: describeError(thrown) });
      this.#context.store.update(next.runId, { state: RunState.FAILED, reason: describeError(thrown) });
      this.#tellEnd(next.runId);
      this.#startNext();
    }
  }

  /** Starts from the newest checkpoint at which ledger and epochs are whole; `lost` is one whose file is not. */
  #start(run: StoredRun, lost?: LostCheckpoint): void {
    const { store } = this.#context;
    const way = wayBack(store, run, lost);
    if (way !== undefined) store.goBack(run.runId, way);
    this.#active = new RunDriver(way === undefined ? run : this.#find(run.runId), this.#context);
    if (way !== undefined) this.#active.record.notice(way.remark);
    this.#active.record.statusChanged();
  }

  /** The trainers of the run load it anew, at an earlier position. */
  #goBackFrom(runId: RunId, position: number, error: WeftError): void {
    const driver = this.#active;
    if (driver?.run.runId !== runId) return;
    driver.abandon();
    this.#active = undefined;
    for (const member of this.#cluster().members) member.driver = undefined;
    this.#released.clear();
    try {
      this.#start(this.#find(runId), { position, reason: error.message });
      this.place();
    } catch (thrown) {
      if (!(thrown instanceof WeftError)) throw thrown;
      this.#context.fail(thrown);
    }
  }

  /** Tells watchers of the end of a run that no driver had. */
  #tellEnd(runId: RunId): void {
    this.#context.feed.publish(runId, { case: 'run', value: this.describe(runId) });
    this.#context.feed.endRun(runId);
  }

  #ended(run: RunId): void {
    if (this.#active?.run.runId !== run) return;
    for (const member of this.#cluster().members) member.driver = undefined;
    this.#active = undefined;
    this.#released.clear();
    // After the effects of the event that ended the run.
    queueMicrotask(() => {
      try {
        this.place();
      } catch (thrown) {
        if (!(thrown instanceof WeftError)) throw thrown;
        this.#context.fail(thrown);
      }
    });
  }
}

/** A name for a run that was given none: sortable, and unique within one store. */
export function newRunId(wallSeconds: number, sequence: number): RunId {
  const stamp = new Date(wallSeconds * 1000).toISOString().replace(/[-:]/g, '').slice(0, 15).toLowerCase();
  return brandRunId(`run-${stamp}-${String(sequence)}`);
}
