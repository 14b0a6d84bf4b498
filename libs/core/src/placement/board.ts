/** Who works for whom while a placement is made: as it is, and as it changes with each action. */
import type { RunId, TrainerId } from '../id.ts';
import type {
  MeasuredSpeeds,
  PlacedRun,
  PlacedTrainer,
  PlacementAction,
  PlacementRequest,
} from './placement-request.ts';

export class Board {
  readonly nowMs: number;
  /** Sorted by id. */
  readonly trainers: readonly PlacedTrainer[];
  /** In the order in which they were submitted. */
  readonly runs: readonly PlacedRun[];
  readonly speeds: MeasuredSpeeds;
  readonly actions: PlacementAction[] = [];
  readonly waiting: Map<RunId, string> = new Map<RunId, string>();
  /** Runs that will have their whole gang once trainers that are on their way have come. */
  readonly promised: Set<RunId> = new Set<RunId>();
  /** Runs that were given a gang just now. */
  readonly started: Set<RunId> = new Set<RunId>();
  /** Idle and not reserved, sorted by id. */
  free: PlacedTrainer[];
  /** Let go by a run, not idle yet, and not reserved; sorted by id. */
  coming: PlacedTrainer[];
  /** Idle trainers that wait for the rest of a gang. */
  reserved = 0;
  #againMs: number | undefined;
  readonly #held = new Map<RunId, PlacedTrainer[]>();
  readonly #groups = new Map<string, number>();
  readonly #fingerprints = new Map<RunId, string>();
  readonly #groupEngines: Map<string, string>;

  constructor(request: PlacementRequest) {
    this.nowMs = request.nowMs;
    this.speeds = request.speeds;
    this.trainers = [...request.trainers].sort(byId);
    this.runs = [...request.runs].sort((a, b) => a.order - b.order || byId(a, b));
    const staying = this.trainers.filter(({ leaving }) => !leaving);
    this.free = staying.filter(({ run }) => run === undefined);
    this.coming = staying.filter(({ run, released }) => run !== undefined && released);
    for (const { id } of this.runs) this.#held.set(id, []);
    this.#groupEngines = new Map(request.engines);
    for (const { group, engineFingerprint } of this.runs) this.#useEngine(group, engineFingerprint);
    const groups = new Map(this.runs.map(({ id, group }) => [id, group]));
    for (const trainer of this.trainers) {
      if (trainer.run === undefined) continue;
      if (!this.#fingerprints.has(trainer.run)) this.#fingerprints.set(trainer.run, trainer.engineFingerprint);
      this.#useEngine(groups.get(trainer.run) ?? '', trainer.engineFingerprint);
      if (trainer.leaving || trainer.released) continue;
      this.#held.get(trainer.run)?.push(trainer);
      this.#count(groups.get(trainer.run) ?? '', 1);
    }
  }

  /** Trainers that work for the run and are not being let go, sorted by id. */
  held(run: PlacedRun): readonly PlacedTrainer[] {
    return this.#held.get(run.id) ?? [];
  }

  /** How many trainers the runs of a group have. */
  groupSize(group: string): number {
    return this.#groups.get(group) ?? 0;
  }

  /** Whether the run has a gang, or has just been given one. */
  isOn(run: PlacedRun): boolean {
    return run.isOn || this.started.has(run.id);
  }

  /** Trainers beyond those without which the run does not go on. */
  surplus(run: PlacedRun): number {
    return this.isOn(run) ? Math.max(0, this.held(run).length - run.required) : 0;
  }

  /** How many trainers the run lacks to go on. */
  missing(run: PlacedRun): number {
    return Math.max(0, run.required - this.held(run).length);
  }

  /** The engine that the trainers of the run must have; empty where that is open. */
  fingerprintOf(run: PlacedRun): string {
    if (run.engineFingerprint !== '') return run.engineFingerprint;
    return this.#fingerprints.get(run.id) ?? this.#groupEngines.get(run.group) ?? '';
  }

  /** Whether `trainer` may work for the run. */
  fits(run: PlacedRun, trainer: PlacedTrainer): boolean {
    const fingerprint = this.fingerprintOf(run);
    return !run.refused.has(trainer.id) && (fingerprint === '' || fingerprint === trainer.engineFingerprint);
  }

  /** Gives a run that has none its gang. */
  start(run: PlacedRun, trainers: readonly PlacedTrainer[], reason: string): void {
    this.started.add(run.id);
    for (const trainer of trainers) this.#add(run, trainer);
    this.actions.push({ kind: 'start', run: run.id, trainers: trainers.map(({ id }) => id), reason });
  }

  give(run: PlacedRun, trainer: PlacedTrainer, reason: string): void {
    this.#add(run, trainer);
    this.actions.push({ kind: 'give', run: run.id, trainer: trainer.id, reason });
  }

  /** Has a run let a trainer go, which then counts as coming. */
  take(run: PlacedRun, trainer: PlacedTrainer, reason: string): void {
    const held = this.held(run).filter((other) => other !== trainer);
    this.#held.set(run.id, held);
    this.#count(run.group, -1);
    this.coming = [...this.coming, trainer].sort(byId);
    this.actions.push({ kind: 'take', run: run.id, trainer: trainer.id, reason });
  }

  /** Keeps trainers for a gang that is not whole yet. */
  reserve(trainers: readonly PlacedTrainer[]): void {
    const kept = new Set<TrainerId>(trainers.map(({ id }) => id));
    const before = this.free.length;
    this.free = this.free.filter(({ id }) => !kept.has(id));
    this.coming = this.coming.filter(({ id }) => !kept.has(id));
    this.reserved += before - this.free.length;
  }

  /** Look again after that time, at the latest. */
  again(afterMs: number): void {
    this.#againMs = Math.min(this.#againMs ?? Infinity, Math.max(1, Math.ceil(afterMs)));
  }

  get againMs(): number | undefined {
    return this.#againMs;
  }

  #add(run: PlacedRun, trainer: PlacedTrainer): void {
    if (!this.#fingerprints.has(run.id)) this.#fingerprints.set(run.id, trainer.engineFingerprint);
    this.#useEngine(run.group, trainer.engineFingerprint);
    this.#held.set(run.id, [...this.held(run), trainer].sort(byId));
    this.free = this.free.filter((other) => other !== trainer);
    this.#count(run.group, 1);
  }

  /** The first engine that a study gets is the one of all its runs. */
  #useEngine(group: string, engineFingerprint: string): void {
    if (group === '' || engineFingerprint === '' || this.#groupEngines.has(group)) return;
    this.#groupEngines.set(group, engineFingerprint);
  }

  #count(group: string, change: number): void {
    this.#groups.set(group, this.groupSize(group) + change);
  }
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
