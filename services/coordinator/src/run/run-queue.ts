/**
 * The runs that are queued or on, side by side, and what can be asked of them. Which trainers work for which is decided by `place` of
 * `@weft/core`.
 */
import { describeError, runId as brandRunId, WeftError, type RunId, type TrainerId } from '@weft/core';
import type { StoredRun } from '@weft/store';
import { RunState, type Run } from '@weft/wire';
import type { Cluster, Member } from '../cluster/cluster.ts';
import { OpenRun } from './open-run.ts';
import type { RunContext } from './run-context.ts';
import { RunDriver } from './run-driver.ts';
import type { RunObserver } from './run-observer.ts';
import { runOf } from './run-record.ts';
import { TrainerPlacement } from './trainer-placement.ts';
import { UsageBook, type RunUsage } from './usage-book.ts';
import { wayBack, type LostCheckpoint } from './way-back.ts';
import { WorkloadSpeeds } from './workload-speeds.ts';

/** What a queue needs around it; the rest of `RunContext` is its own. */
export type QueueContext = Omit<
  RunContext,
  'speeds' | 'usage' | 'couldJoin' | 'runEnded' | 'trainerReleased' | 'checkpointLost' | 'speedMeasured' | 'epochEnded'
>;

/** How many trainers a run that is resumed gets; what is left out stays as it was. */
export type RunLimits = Pick<StoredRun, 'minTrainers' | 'startTrainers'> &
  Partial<Pick<StoredRun, 'maxTrainers' | 'priority'>>;

const stateNames = new Map<number, string>(
  Object.entries(RunState).map(([name, state]) => [state, name.toLowerCase()] as const),
);

export class RunQueue {
  readonly #context: RunContext;
  readonly #cluster: () => Cluster;
  readonly #placement: TrainerPlacement;
  /** Queued or on, in the order in which they were submitted. */
  readonly #open = new Map<RunId, OpenRun>();
  readonly #observers: RunObserver[] = [];
  /** What is done once the effects in hand are carried out. */
  #later: (() => void)[] = [];
  #orders = 0;
  #stopped = false;

  /** `cluster` is asked for when trainers are placed; by then it exists. Runs that were queued or on are so again. */
  constructor(context: QueueContext, cluster: () => Cluster) {
    this.#cluster = cluster;
    this.#context = {
      ...context,
      speeds: new WorkloadSpeeds(),
      usage: new UsageBook(() => context.nowMs()),
      couldJoin: (run) => {
        const open = this.#open.get(run);
        const isIn = (member: Member): boolean => member.driver !== undefined && member.driver === open?.driver;
        return open === undefined
          ? 0
          : this.#able(open).filter((member) => !isIn(member) && !open.refused.has(member.link.id)).length;
      },
      runEnded: (run) => {
        this.#do(() => {
          this.#ended(run);
        });
      },
      checkpointLost: (run, position, error) => {
        this.#goBackFrom(run, position, error);
      },
      trainerReleased: (run, trainer) => {
        this.#released(run, trainer);
      },
      speedMeasured: () => {
        this.#do(() => undefined);
      },
      epochEnded: (run, epoch) => {
        this.#do(() => {
          for (const observer of this.#observers) observer.epochEnded(run, epoch);
        });
      },
    };
    this.#placement = new TrainerPlacement({
      context: this.#context,
      cluster,
      runs: this.#open,
      start: (open) => this.#start(open),
      waits: (open) => {
        this.#waits(open);
      },
    });
    for (const run of context.store.inState(RunState.QUEUED, RunState.RUNNING)) this.#enter(run);
  }

  /** Tells `observer` of everything that happens to runs from now on. */
  observe(observer: RunObserver): void {
    this.#observers.push(observer);
  }

  /** The driver of a run that has its gang. */
  driverOf(run: RunId): RunDriver | undefined {
    return this.#open.get(run)?.driver;
  }

  /** Gives trainers to runs. Call it after anything has changed. */
  place(): void {
    if (this.#stopped) return;
    for (const open of this.#open.values()) if (open.refused.size > 0) this.#reconsider(open);
    this.#placement.place();
  }

  /** Places nobody any more: the coordinator goes away. */
  stop(): void {
    this.#stopped = true;
    this.#placement.stop();
  }

  /** A trainer is gone: should one with its name come again, it is a newcomer. */
  forget(trainer: TrainerId): void {
    const run = this.#context.usage.withdrawn(trainer);
    for (const open of this.#open.values()) {
      open.refused.delete(trainer);
      open.misfits.delete(trainer);
      if (open.run.runId === run) open.changedMs = this.#context.nowMs();
    }
  }

  /**
   * Puts a new run at the end of the queue. Throws 'already-exists' where its id is taken. Trainers are placed at once or, where many
   * runs are submitted one after the other, `soon`: once for all of them.
   */
  submit(run: StoredRun, placing: 'now' | 'soon' = 'now'): Run {
    this.#context.store.insert(run);
    this.#context.log.info('run submitted', { run: run.runId });
    this.#enter(run);
    this.#placeRuns(placing);
    return this.describe(run.runId);
  }

  /** Puts an ended run back into the queue. Throws 'precondition-failed' where it has finished; one under way is left alone. */
  resume(runId: RunId, limits: RunLimits, placing: 'now' | 'soon' = 'now'): Run {
    const open = this.#open.get(runId);
    if (open?.driver !== undefined) return this.describe(runId);
    const run = open?.run ?? this.#find(runId);
    if (open === undefined && run.state !== RunState.FAILED && run.state !== RunState.CANCELLED) {
      const state = run.state === RunState.DIVERGED ? 'has diverged, and would again' : 'has finished';
      throw new WeftError('precondition-failed', `run ${runId} ${state}: there is nothing to resume`);
    }
    const change = { state: RunState.QUEUED, reason: 'resumed', failureCode: '', ...limits } as const;
    this.#context.store.update(runId, change);
    if (open === undefined) this.#enter(this.#find(runId));
    else open.run = { ...open.run, ...change };
    this.#placeRuns(placing);
    return this.describe(runId);
  }

  /** Has the replicas of a run compared. Throws 'precondition-failed' where it is not on. */
  audit(runId: RunId): Run {
    const driver = this.driverOf(runId);
    if (driver === undefined) {
      this.#find(runId);
      throw new WeftError('precondition-failed', `run ${runId} is not on: there are no replicas to compare`);
    }
    driver.post({ kind: 'audit-requested' });
    return this.describe(runId);
  }

  /** Ends a run that is queued or on. Throws 'precondition-failed' where it has ended. */
  cancel(runId: RunId, reason: string): Run {
    const open = this.#open.get(runId);
    if (open === undefined) {
      this.#find(runId);
      throw new WeftError('precondition-failed', `run ${runId} has ended: there is nothing to cancel`);
    }
    if (open.driver === undefined) this.#endQueued(open, { state: RunState.CANCELLED, reason, failureCode: '' });
    else open.driver.post({ kind: 'cancelled', reason });
    return this.describe(runId);
  }

  /** Of the runs of a study, those with a greater urgency get trainers first; 0 unless told. */
  setUrgency(runId: RunId, urgency: number): void {
    const open = this.#open.get(runId);
    if (open === undefined || open.urgency === urgency) return;
    open.urgency = urgency;
    this.#do(() => undefined);
  }

  /** What a run took since this process started; nothing where it has ended and that was told. */
  usage(runId: RunId): RunUsage {
    return this.#context.usage.ofRun(runId);
  }

  /** What all runs of a study took since this process started; of the empty one, runs that belong to none. */
  usageOfStudy(studyId: string): RunUsage {
    return this.#context.usage.ofGroup(studyId);
  }

  /** Ends every run that is queued or was under way when the last coordinator stopped; each can be resumed. */
  interruptAll(): void {
    for (const { run } of this.#open.values()) {
      const reason = 'interrupted; it can be resumed';
      this.#context.store.update(run.runId, { state: RunState.CANCELLED, reason });
    }
    this.#open.clear();
  }

  /** Throws 'not-found'. */
  describe(runId: RunId): Run {
    const open = this.#open.get(runId);
    if (open?.driver !== undefined) return open.driver.record.snapshot;
    const run = open?.run ?? this.#find(runId);
    const described = runOf(run, this.#context.store.epochs(runId));
    return open === undefined || open.waiting === '' ? described : { ...described, reason: open.waiting };
  }

  /** All runs but those of studies, or with them, in the order in which they were submitted. */
  describeAll(withTrials: boolean): Run[] {
    const { store } = this.#context;
    return (withTrials ? store.all() : store.single()).map((run) => this.describe(run.runId));
  }

  /** The runs that are queued or on, in the order in which they were submitted, or put back into the queue. */
  describeOpen(): Run[] {
    return [...this.#open.keys()].map((runId) => this.describe(runId));
  }

  /** How many runs there are in each state, by its name in lower case. */
  countByState(): Map<string, number> {
    const counts = [...this.#context.store.countByState()];
    return new Map(counts.map(([state, count]) => [stateNames.get(state) ?? 'unknown', count]));
  }

  /** A name for a run that was given none: sortable, and unique within one store. */
  newRunId(): RunId {
    const { store } = this.#context;
    const stamp = new Date(this.#context.wallSeconds() * 1000)
      .toISOString()
      .replace(/[-:]/g, '')
      .slice(0, 15)
      .toLowerCase();
    return brandRunId(`run-${stamp}-${String(store.submitted() + 1)}`);
  }

  /** A run that has nobody left asks those again that it let go: should they fail again, it ends by their reason instead of waiting. */
  #reconsider(open: OpenRun): void {
    const { driver, refused } = open;
    if (driver === undefined || this.#cluster().members.some((member) => member.driver === driver)) return;
    const able = this.#able(open);
    if (able.length > 0 && able.every(({ link }) => refused.has(link.id))) refused.clear();
  }

  /** Trainers that stay and have the engine of the run. */
  #able(open: OpenRun): Member[] {
    const engine = this.#placement.engineFor(open);
    return this.#cluster().members.filter(
      ({ leaving, link }) => leaving === undefined && (engine === '' || engine === link.hello.engineFingerprint),
    );
  }

  #placeRuns(when: 'now' | 'soon'): void {
    if (when === 'now') this.place();
    else this.#do(() => undefined);
  }

  #find(runId: RunId): StoredRun {
    const { store } = this.#context;
    const run = store.find(runId);
    if (run !== undefined) return run;
    const last = store.lastIds(5);
    const hint = last.length === 0 ? 'there are no runs' : `the last ones are ${last.join(', ')}`;
    throw new WeftError('not-found', `run ${runId} does not exist; ${hint}`);
  }

  #enter(run: StoredRun): void {
    this.#open.set(run.runId, new OpenRun(run, this.#orders++, this.#context.nowMs()));
    this.#context.usage.open(run.runId, run.studyId);
  }

  /** Makes the driver of a run. Tells whether that worked; else the run has failed. */
  #start(open: OpenRun, lost?: LostCheckpoint): boolean {
    try {
      this.#drive(open, lost);
      return true;
    } catch (thrown) {
      if (!(thrown instanceof WeftError)) throw thrown;
      this.#context.log.error('the run cannot start', { run: open.run.runId, error: describeError(thrown) });
      open.driver = undefined;
      const end = { state: RunState.FAILED, reason: describeError(thrown), failureCode: thrown.code } as const;
      this.#endQueued(open, end);
      return false;
    }
  }

  /** Drives from the newest checkpoint at which ledger and epochs are whole; `lost` is one whose file is not. */
  #drive(open: OpenRun, lost: LostCheckpoint | undefined): void {
    const { store } = this.#context;
    const run = this.#find(open.run.runId);
    const way = wayBack(store, run, lost);
    if (way !== undefined) store.goBack(run.runId, way);
    open.run = way === undefined ? run : this.#find(run.runId);
    open.waiting = '';
    open.driver = new RunDriver(open.run, this.#context);
    if (way !== undefined) open.driver.record.notice(way.remark);
    open.driver.record.statusChanged();
  }

  /** The trainers of the run load it anew, at an earlier position. */
  #goBackFrom(runId: RunId, position: number, error: WeftError): void {
    const open = this.#open.get(runId);
    const driver = open?.driver;
    if (open === undefined || driver === undefined) return;
    driver.abandon();
    const members = this.#cluster().members.filter((member) => member.driver === driver);
    for (const member of members) this.#placement.free(member);
    open.refused.clear();
    try {
      this.#drive(open, { position, reason: error.message });
    } catch (thrown) {
      if (!(thrown instanceof WeftError)) throw thrown;
      this.#context.fail(thrown);
      return;
    }
    for (const member of members) if (member.leaving === undefined) this.#placement.give(open, member);
    this.#do(() => undefined);
  }

  /** A run has let a trainer go: because it was asked to, because it is over, or for good. */
  #released(run: RunId, trainer: TrainerId): void {
    const member = this.#cluster().find(trainer);
    const open = this.#open.get(run);
    if (member !== undefined && member.driver?.run.runId === run) {
      if (!member.released && member.leaving === undefined) open?.refused.add(trainer);
      this.#placement.free(member);
    }
    this.#cluster().dismiss(trainer);
    this.#do(() => undefined);
  }

  /** A run without a driver ends. */
  #endQueued(open: OpenRun, end: Pick<StoredRun, 'state' | 'reason' | 'failureCode'>): void {
    const { runId } = open.run;
    this.#context.store.update(runId, end);
    this.#open.delete(runId);
    this.#context.feed.publish(runId, { case: 'run', value: this.describe(runId) });
    this.#context.feed.endRun(runId);
    const ended = this.#find(runId);
    this.#do(() => {
      this.#tellEnd(ended);
    });
  }

  #ended(run: RunId): void {
    const driver = this.driverOf(run);
    for (const member of this.#cluster().members) if (member.driver === driver) this.#placement.free(member);
    this.#open.delete(run);
    this.#tellEnd(this.#find(run));
  }

  #tellEnd(run: StoredRun): void {
    for (const observer of this.#observers) observer.ended(run, run.state, run.reason, run.failureCode);
    // Where it was put back into the queue meanwhile, it goes on counting.
    if (!this.#open.has(run.runId)) this.#context.usage.close(run.runId);
  }

  #waits({ run, waiting }: OpenRun): void {
    const { log, feed } = this.#context;
    if (run.studyId === '') log.info(waiting, { run: run.runId });
    else log.debug(waiting, { run: run.runId });
    if (feed.isWatched(run.runId)) feed.publish(run.runId, { case: 'run', value: this.describe(run.runId) });
  }

  /** Does something, and places trainers, once the effects in hand are carried out: what is sent by them goes out before. */
  #do(action: () => void): void {
    this.#later.push(action);
    if (this.#later.length > 1) return;
    queueMicrotask(() => {
      const actions = this.#later;
      this.#later = [];
      try {
        for (const due of actions) due();
        this.place();
      } catch (thrown) {
        if (!(thrown instanceof WeftError)) throw thrown;
        this.#context.fail(thrown);
      }
    });
  }
}
