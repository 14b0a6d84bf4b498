/** How far a run is: where its replicas stand, which steps are known, where it goes back to when no replica is left. */
import type { StepSums } from '../direct/direct-step.ts';
import { Patience } from './early-stopping.ts';
import type { CommittedStep, EvaluationResult } from './run-event.ts';
import { chunkCountAt, isEpochEnd, stepAt, totalSteps, type RunPlan } from './run-plan.ts';
import type { RunStart } from './run-start.ts';

/** What a report of committed steps adds to what is known. */
export type FreshSteps =
  | { readonly kind: 'in-turn'; readonly steps: readonly CommittedStep[]; readonly failed: CommittedStep | undefined }
  | { readonly kind: 'out-of-turn'; readonly position: number };

export class Course {
  readonly plan: RunPlan;
  #checkpoint: number;
  #recordedEpochs: number;
  #position: number;
  #recorded: number;
  readonly #patience: Patience;
  /** Of the epoch in hand, up to the step at `end`. */
  #sums: StepSums & { readonly end: number };

  constructor({ plan, checkpoint, recorded }: RunStart) {
    this.plan = plan;
    this.#checkpoint = checkpoint;
    this.#recordedEpochs = recorded.length;
    this.#position = checkpoint;
    this.#recorded = checkpoint;
    this.#patience = new Patience(plan.earlyStopping, recorded);
    this.#sums = { loss: 0, correct: 0, end: checkpoint };
  }

  /** Where the replicas stand: steps that all members have committed. */
  get position(): number {
    return this.#position;
  }

  /** Steps that are known: more than `position` where the replicas that were ahead are lost. */
  get recorded(): number {
    return this.#recorded;
  }

  /** Whether the step in hand is known: the replicas that had committed it are lost, and the others do it again. */
  get isKnown(): boolean {
    return this.#position < this.#recorded;
  }

  /** Chunks of the step in hand; of the last step, after it. */
  get chunkCount(): number {
    return chunkCountAt(this.plan, Math.min(this.#position, totalSteps(this.plan) - 1));
  }

  /** Whether nothing is trained any more: after the last epoch, or after the one that ends the run early. */
  get isOver(): boolean {
    return this.#position === totalSteps(this.plan) || this.early !== undefined;
  }

  /** Why the run ends before its last epoch, if it does. */
  get early(): string | undefined {
    return this.#position === totalSteps(this.plan) ? undefined : this.#patience.reason;
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
    for (const step of steps) this.addSums(step);
    return { kind: 'in-turn', steps, failed: fresh[bad] };
  }

  /** The replicas have stopped at `position`. */
  standAt(position: number): void {
    this.#position = position;
  }

  /** What the step at `position` came to; of one that has been added, nothing changes. */
  addSums({ position, loss, correct }: StepSums & { readonly position: number }): void {
    if (position !== this.#sums.end) return;
    const sums = this.#sums;
    this.#sums = { loss: sums.loss + loss, correct: sums.correct + correct, end: position + 1 };
  }

  /**
   * The epoch that ends at the current position has a result and a checkpoint, and the run may be over with it. Returns the epoch's
   * number, from 1.
   */
  recordEpoch(validation: EvaluationResult): number {
    const examples = this.plan.batch.exampleCount;
    this.#recordedEpochs = stepAt(this.plan, this.#position - 1).epoch + 1;
    this.#checkpoint = this.#position;
    this.#patience.take({
      loss: this.#sums.loss / examples,
      accuracy: this.#sums.correct / examples,
      validationLoss: validation.loss,
      validationAccuracy: validation.accuracy,
    });
    this.#sums = { loss: 0, correct: 0, end: this.#position };
    return this.#recordedEpochs;
  }

  /** Goes back to the checkpoint of the last recorded epoch, or to the start. Returns its position. */
  rollBack(): number {
    this.#position = this.#checkpoint;
    this.#recorded = this.#checkpoint;
    this.#sums = { loss: 0, correct: 0, end: this.#checkpoint };
    return this.#checkpoint;
  }
}
