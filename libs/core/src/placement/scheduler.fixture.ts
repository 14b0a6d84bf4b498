/** A little scheduler around `place`: runs that do so much work, trainers that come and go, and time. It checks as it goes. */
import { runId, trainerId, type RunId, type TrainerId } from '../id.ts';
import type { PlacedRun, PlacedTrainer, PlacementAction } from './placement-request.ts';
import { place } from './place.ts';

export interface RunSpec {
  readonly arrivesMs: number;
  readonly group: string;
  readonly priority: number;
  readonly minTrainers: number;
  readonly startTrainers: number;
  readonly maxTrainers: number;
  /** Examples. */
  readonly work: number;
  readonly workload: string;
}

/** A trainer comes, or is lost and comes again a while later. */
export interface TrainerEvent {
  readonly atMs: number;
  readonly trainer: number;
  readonly backAfterMs: number;
}

/** Examples a second of so many trainers. */
export type Speed = (workload: string, trainers: number) => number;

interface Run {
  readonly spec: RunSpec;
  readonly id: RunId;
  readonly order: number;
  isOn: boolean;
  hasBegun: boolean;
  changedMs: number;
  left: number;
}

interface Trainer {
  readonly id: TrainerId;
  run: Run | undefined;
  /** When it is let go, where it is being. */
  releaseMs: number | undefined;
  idleSinceMs: number;
}

const tickMs = 100;
const engine = 'e';

export class Scheduler {
  nowMs = 0;
  readonly log: string[] = [];
  readonly #runs: Run[] = [];
  readonly #trainers = new Map<TrainerId, Trainer>();
  readonly #speeds = new Map<string, Map<number, number>>();
  readonly #speed: Speed;
  readonly #releaseMs: number;

  /** `releaseMs` is how long it takes until a run lets a trainer go. */
  constructor(speed: Speed, releaseMs: number) {
    this.#speed = speed;
    this.#releaseMs = releaseMs;
  }

  get unfinished(): number {
    return this.#runs.length;
  }

  /** How many trainers each run that is on has. */
  get sizes(): Map<RunId, number> {
    return new Map(this.#runs.filter(({ isOn }) => isOn).map((run) => [run.id, this.#gang(run).length]));
  }

  submit(spec: RunSpec, name: string, order: number): void {
    const state = { isOn: false, hasBegun: false, changedMs: this.nowMs };
    this.#runs.push({ spec, id: runId(name), order, ...state, left: spec.work });
  }

  attach(name: string): void {
    const id = trainerId(name);
    this.#trainers.set(id, { id, run: undefined, releaseMs: undefined, idleSinceMs: -Infinity });
  }

  lose(name: string): void {
    const trainer = this.#trainers.get(trainerId(name));
    if (trainer?.run !== undefined) trainer.run.changedMs = this.nowMs;
    this.#trainers.delete(trainerId(name));
  }

  /** Lets one tick pass. */
  tick(): void {
    this.nowMs += tickMs;
    for (const trainer of this.#trainers.values()) {
      if (trainer.releaseMs !== undefined && this.nowMs >= trainer.releaseMs) this.#free(trainer);
    }
    for (const run of [...this.#runs]) this.#work(run);
    for (let round = 0; ; round++) {
      if (round > 50) throw new Error(`at ${String(this.nowMs)} placement does not come to rest`);
      const { actions } = place({
        ...{ nowMs: this.nowMs, speeds: this.#speeds, engines: new Map() },
        ...{ trainers: [...this.#trainers.values()].map(placed), runs: this.#runs.map((run) => this.#placed(run)) },
      });
      if (actions.length === 0) return;
      for (const action of actions) this.#carryOut(action);
    }
  }

  #gang(run: Run): Trainer[] {
    return [...this.#trainers.values()].filter((trainer) => trainer.run === run);
  }

  #work(run: Run): void {
    if (!run.isOn) return;
    const size = this.#gang(run).length;
    if (size < requiredOf(run)) return;
    run.hasBegun = true;
    const speed = this.#speed(run.spec.workload, size);
    const known = this.#speeds.get(run.spec.workload) ?? new Map<number, number>();
    this.#speeds.set(run.spec.workload, known.set(size, speed));
    run.left -= (speed * tickMs) / 1000;
    if (run.left > 0) return;
    for (const trainer of this.#gang(run)) this.#free(trainer);
    this.#runs.splice(this.#runs.indexOf(run), 1);
  }

  #free(trainer: Trainer): void {
    if (trainer.run !== undefined) trainer.run.changedMs = this.nowMs;
    trainer.run = undefined;
    trainer.releaseMs = undefined;
    trainer.idleSinceMs = this.nowMs;
  }

  #carryOut(action: PlacementAction): void {
    const run = this.#runs.find(({ id }) => id === action.run);
    if (run === undefined) throw new Error(`run ${action.run} does not exist`);
    const trainers = action.kind === 'start' ? action.trainers : [action.trainer];
    this.log.push(`${String(this.nowMs)} ${action.kind} ${action.run} ${trainers.join(',')}: ${action.reason}`);
    const gang = this.#gang(run);
    const most = run.spec.maxTrainers === 0 ? Infinity : run.spec.maxTrainers;
    if (action.kind === 'start') {
      if (run.isOn || trainers.length < requiredOf(run)) throw new Error(`run ${run.id} is started with too few`);
      run.isOn = true;
    } else if (!run.isOn) throw new Error(`run ${run.id} is not on`);
    run.changedMs = this.nowMs;
    for (const id of trainers) {
      const trainer = this.#trainers.get(id);
      if (trainer === undefined) throw new Error(`trainer ${id} is not attached`);
      if (action.kind === 'take') this.#take(run, trainer, gang);
      else if (trainer.run !== undefined) throw new Error(`trainer ${id} has a run`);
      else trainer.run = run;
    }
    // One that is being let go ends what it has in hand, while another may come for it.
    const staying = this.#gang(run).filter(({ releaseMs }) => releaseMs === undefined);
    if (staying.length > most) throw new Error(`run ${run.id} has more than ${String(most)} trainers`);
  }

  #take(run: Run, trainer: Trainer, gang: readonly Trainer[]): void {
    if (trainer.run !== run || trainer.releaseMs !== undefined) throw new Error(`${trainer.id} cannot be taken`);
    const staying = gang.filter(({ releaseMs }) => releaseMs === undefined).length;
    // One that has too few to go on may lose them all: nothing is computed there.
    if (staying >= requiredOf(run) && staying - 1 < requiredOf(run)) {
      throw new Error(`run ${run.id} is taken below what it needs`);
    }
    trainer.releaseMs = this.nowMs + this.#releaseMs;
  }

  #placed(run: Run): PlacedRun {
    const { spec, id, order, isOn, changedMs } = run;
    const { group, priority, maxTrainers, workload } = spec;
    const state = { isOn, isInterrupted: false, required: requiredOf(run), changedMs };
    return {
      id,
      group,
      priority,
      urgency: 0,
      order,
      maxTrainers,
      engineFingerprint: '',
      workload,
      refused: new Set(),
      ...state,
    };
  }
}

function requiredOf({ spec, hasBegun }: Run): number {
  return hasBegun ? spec.minTrainers : Math.max(spec.minTrainers, spec.startTrainers);
}

function placed({ id, run, releaseMs, idleSinceMs }: Trainer): PlacedTrainer {
  const state = { run: run?.id, released: releaseMs !== undefined, idleSinceMs };
  return { id, engineFingerprint: engine, leaving: false, ...state };
}
