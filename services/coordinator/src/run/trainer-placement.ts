/** Carries out what placement decides: which trainers are given to which runs, and which are taken. Nothing is decided here. */
import { place, type PlacedTrainer, type Placement, type PlacementAction, type RunId } from '@weft/core';
import type { Cluster, Member } from '../cluster/cluster.ts';
import type { OpenRun } from './open-run.ts';
import { engineProblem } from './replica-facts.ts';
import type { RunContext } from './run-context.ts';

/** What placement works with. */
export interface PlacementParts {
  readonly context: Pick<RunContext, 'nowMs' | 'later' | 'log' | 'speeds' | 'usage' | 'store'>;
  readonly cluster: () => Cluster;
  readonly runs: ReadonlyMap<RunId, OpenRun>;
  /** Makes the driver of a run that has its gang. Tells whether it has one now: a run that cannot start has ended. */
  readonly start: (run: OpenRun) => boolean;
  /** A run that is queued waits for another reason than before. */
  readonly waits: (run: OpenRun) => void;
}

/** So often at most one decision follows from another without anything happening in between. */
const mostRounds = 1000;

export class TrainerPlacement {
  readonly #parts: PlacementParts;
  #cancelLook: () => void = () => undefined;
  #placing = false;
  /** Of studies with runs that are queued or on, once the store knows it. */
  readonly #engines = new Map<string, string>();

  constructor(parts: PlacementParts) {
    this.#parts = parts;
  }

  /** Gives idle trainers to runs, and has runs let trainers go for others. Not to be called while a run's effects are carried out. */
  place(): void {
    // What follows from an action is seen in the next round.
    if (this.#placing) return;
    this.#placing = true;
    try {
      for (let round = 0; round < mostRounds && this.#placeOnce(); round++);
    } finally {
      this.#placing = false;
    }
  }

  /** Nothing is placed by time alone any more. */
  stop(): void {
    this.#cancelLook();
  }

  /** Takes the trainer from its run, which has let it go or is over. */
  free(member: Member): void {
    const { context, runs } = this.#parts;
    member.driver = undefined;
    member.released = false;
    member.idleSinceMs = context.nowMs();
    const run = context.usage.withdrawn(member.link.id);
    const open = run === undefined ? undefined : runs.get(run);
    if (open !== undefined) open.changedMs = context.nowMs();
  }

  /** Gives the trainer to a run that is on. */
  give(open: OpenRun, member: Member): void {
    const { driver } = open;
    if (driver === undefined) return;
    const { context } = this.#parts;
    const { id, hello } = member.link;
    member.driver = driver;
    member.released = false;
    open.changedMs = context.nowMs();
    context.usage.given(driver.run.runId, id);
    driver.post({ kind: 'trainer-assigned', trainer: id, reachable: hello.peerAddress !== '' });
  }

  /** The engine that trainers of the run must have; empty where that is open. */
  engineFor({ placed, run }: OpenRun): string {
    if (placed.engineFingerprint !== '' || run.studyId === '') return placed.engineFingerprint;
    const sibling = this.#parts.cluster().members.find(({ driver }) => driver?.run.studyId === run.studyId);
    return this.#studyEngines().get(run.studyId) ?? sibling?.link.hello.engineFingerprint ?? '';
  }

  #placeOnce(): boolean {
    const { context, cluster, runs } = this.#parts;
    const placement = place({
      nowMs: context.nowMs(),
      trainers: cluster().members.map(placedTrainer),
      runs: [...runs.values()].map((open) => open.placed),
      speeds: context.speeds.all,
      engines: this.#studyEngines(),
    });
    this.#tell(placement);
    this.#lookAgain(placement.againMs);
    for (const action of placement.actions) this.#carryOut(action);
    return placement.actions.length > 0;
  }

  #studyEngines(): ReadonlyMap<string, string> {
    const { context, runs } = this.#parts;
    const studies = new Set([...runs.values()].map(({ run }) => run.studyId).filter((study) => study !== ''));
    for (const study of this.#engines.keys()) if (!studies.has(study)) this.#engines.delete(study);
    for (const study of studies) {
      if (this.#engines.has(study)) continue;
      const engine = context.store.engineOf(study);
      if (engine !== '') this.#engines.set(study, engine);
    }
    return this.#engines;
  }

  #carryOut(action: PlacementAction): void {
    const { context, cluster, runs, start } = this.#parts;
    const open = runs.get(action.run);
    if (open === undefined) return;
    if (action.kind === 'start') {
      if (!start(open)) return;
      for (const trainer of action.trainers) this.#giveTo(open, trainer);
      return;
    }
    context.log.debug(`${action.kind} a trainer`, { run: action.run, trainer: action.trainer, reason: action.reason });
    const member = cluster().find(action.trainer);
    if (action.kind === 'give') this.#giveTo(open, action.trainer);
    else if (member?.driver !== undefined && member.driver === open.driver) {
      member.released = true;
      open.changedMs = context.nowMs();
      open.driver.post({ kind: 'trainer-leaving', trainer: action.trainer, reason: action.reason });
    }
  }

  /** The trainer may be gone, or the run over, by what was done before. */
  #giveTo(open: OpenRun, trainer: Member['link']['id']): void {
    const member = this.#parts.cluster().find(trainer);
    const isOpen = this.#parts.runs.get(open.run.runId) === open;
    if (member?.driver === undefined && member?.leaving === undefined && member !== undefined && isOpen) {
      this.give(open, member);
    }
  }

  #tell({ waiting, misfits }: Placement): void {
    const { runs, waits, cluster } = this.#parts;
    for (const [id, reason] of waiting) {
      const open = runs.get(id);
      if (open === undefined || open.driver !== undefined || open.waiting === reason) continue;
      open.waiting = reason;
      waits(open);
    }
    for (const { run, trainer } of misfits) {
      const open = runs.get(run);
      const found = cluster().find(trainer)?.link.hello.engineFingerprint;
      const began = open?.placed.engineFingerprint ?? '';
      // A study has many runs, and whoever looks at the cluster sees who is idle.
      const isTold = open === undefined || open.misfits.has(trainer) || open.run.studyId !== '';
      if (isTold || found === undefined || began === '') continue;
      open.misfits.add(trainer);
      open.driver?.record.notice(`trainer ${trainer} cannot take part: ${engineProblem(found, began)}`);
    }
  }

  #lookAgain(afterMs: number | undefined): void {
    this.#cancelLook();
    this.#cancelLook = () => undefined;
    if (afterMs === undefined) return;
    this.#cancelLook = this.#parts.context.later(afterMs, () => {
      this.place();
    });
  }
}

function placedTrainer({ link, driver, leaving, released, idleSinceMs }: Member): PlacedTrainer {
  return {
    id: link.id,
    engineFingerprint: link.hello.engineFingerprint,
    leaving: leaving !== undefined,
    run: driver?.run.runId,
    released,
    idleSinceMs,
  };
}
