/** How far a run is: where its replicas stand, which steps are known, where it goes back to when no replica is left. */
import type { CommittedStep } from './run-event.ts';
import { chunkCountAt, isEpochEnd, stepAt, totalSteps, type RunPlan } from './run-plan.ts';
import type { RunStart } from './run-start.ts';

/** What a report of committed steps adds to what is known. */
export type FreshSteps =
  | { readonly kind: 'in-turn'; readonly steps: readonly CommittedStep[]; readonly diverged: boolean }
  | { readonly kind: 'out-of-turn'; readonly position: number };

export class Course {
  readonly plan: RunPlan;
  #checkpoint: number;
  #recordedEpochs: number;
  #position: number;
  #recorded: number;

  constructor({ plan, checkpoint, recordedEpochs }: RunStart) {
    this.plan = plan;
    this.#checkpoint = checkpoint;
    this.#recordedEpochs = recordedEpochs;
    this.#position = checkpoint;
    this.#recorded = checkpoint;
  }

  /** Where the replicas stand: steps that all members have committed. */
  get position(): number {
    return this.#position;
  }

  /** Steps that are known: more than `position` where the replicas that were ahead are lost. */
  get recorded(): number {
    return this.#recorded;
  }

  /** Chunks of the step in hand; of the last step, after it. */
  get chunkCount(): number {
    return chunkCountAt(this.plan, Math.min(this.#position, totalSteps(this.plan) - 1));
  }

  get isOver(): boolean {
    return this.#position === totalSteps(this.plan);
  }

  get isAtEpochEnd(): boolean {
    return isEpochEnd(this.plan, this.#position);
  }

  /** Whether the store has the result of the epoch that ended last. */
  get isEpochRecorded(): boolean {
    return this.#recordedEpochs >= stepAt(this.plan, this.#position).epoch;
  }

  /** The coordinator has committed the step in hand. Returns its position. */
  commit(): number {
    const position = this.#position++;
    this.#recorded = Math.max(this.#recorded, this.#position);
    return position;
  }

  /** Takes the steps of a report, those that are known left out, up to one that is not finite. */
  take(reported: readonly CommittedStep[]): FreshSteps {
    const fresh = reported.filter(({ position }) => position >= this.#recorded);
    const outOfTurn = fresh.find(({ position }, index) => position !== this.#recorded + index);
    if (outOfTurn !== undefined) return { kind: 'out-of-turn', position: outOfTurn.position };
    const bad = fresh.findIndex(({ loss }) => !Number.isFinite(loss));
    const steps = bad === -1 ? fresh : fresh.slice(0, bad);
    this.#recorded += steps.length;
    this.#position = Math.max(this.#position, this.#recorded);
    return { kind: 'in-turn', steps, diverged: bad !== -1 };
  }

  /** The replicas have stopped at `position`. */
  standAt(position: number): void {
    this.#position = position;
  }

  /** The epoch that ends at the current position has a result and a checkpoint. Returns its number, from 1. */
  recordEpoch(): number {
    this.#recordedEpochs = stepAt(this.plan, this.#position - 1).epoch + 1;
    this.#checkpoint = this.#position;
    return this.#recordedEpochs;
  }

  /** Goes back to the checkpoint of the last recorded epoch, or to the start. Returns its position. */
  rollBack(): number {
    this.#position = this.#checkpoint;
    this.#recorded = this.#checkpoint;
    return this.#checkpoint;
  }
}
