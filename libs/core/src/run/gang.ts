/**
 * A gang that commits by itself, as the run's machine follows it: who was to compute which chunks of which step, and where its
 * members stand when it stops.
 */
import type { TrainerId } from '../id.ts';
import type { LedgerAssignment } from '../ledger/ledger-line.ts';
import { ChunkLedger } from './chunk-ledger.ts';
import type { Generation } from './regroup.ts';
import type { CommittedStep, RecordedStep } from './run-event.ts';
import { chunkCountAt, type RunPlan } from './run-plan.ts';
import { Settling } from './settling.ts';

/** A report that one member cannot reach another. */
export interface Accusation {
  readonly by: TrainerId;
  readonly peer: TrainerId;
  readonly reason: string;
}

export class Gang {
  readonly #plan: RunPlan;
  readonly #formed: Generation;
  /** Of the step at which the gang was formed. */
  readonly #first: ChunkLedger;
  readonly #lost: TrainerId[] = [];
  #settling: Settling;
  #asked = false;
  #accusation: Accusation | undefined;

  constructor(plan: RunPlan, formed: Generation, first: ChunkLedger) {
    this.#plan = plan;
    this.#formed = formed;
    this.#first = first;
    this.#settling = new Settling(formed.members);
  }

  /** Where the members stand. */
  get settling(): Settling {
    return this.#settling;
  }

  /** Whether the members were asked to stop, because of a loss. */
  get isAsked(): boolean {
    return this.#asked;
  }

  /** The first report that a member cannot reach another. */
  get accusation(): Accusation | undefined {
    return this.#accusation;
  }

  accuse(accusation: Accusation): void {
    this.#accusation ??= accusation;
  }

  lose(trainer: TrainerId): void {
    this.#lost.push(trainer);
  }

  /** Begins to ask `members` anew where they stand. */
  settle(members: readonly TrainerId[]): void {
    this.#asked = true;
    this.#settling = new Settling(members);
  }

  /** The step for the ledger. */
  record(step: CommittedStep): RecordedStep {
    return {
      ...step,
      generation: this.#formed.number,
      assignments: this.#assignmentsOf(this.#ledgerAt(step.position)),
    };
  }

  /**
   * The chunks of the step at `position`, those of lost members given to `survivors`; what the others were given stays theirs, so
   * that what they have computed counts.
   */
  reassigned(position: number, survivors: readonly TrainerId[]): ChunkLedger {
    const ledger = this.#ledgerAt(position);
    for (const trainer of this.#lost) ledger.reassign(trainer, survivors);
    return ledger;
  }

  /** The division of the step at `position`; the first one is kept, since it may follow from losses before. */
  #ledgerAt(position: number): ChunkLedger {
    if (position === this.#formed.position) return this.#first;
    return new ChunkLedger(chunkCountAt(this.#plan, position), this.#formed.members, this.#formed.shares);
  }

  #assignmentsOf(ledger: ChunkLedger): LedgerAssignment[] {
    return this.#formed.members
      .flatMap((trainer) =>
        ledger.rangesOf(trainer).map((chunks) => ({ trainer, chunks, attempt: ledger.attemptOf(chunks) })),
      )
      .sort((a, b) => a.chunks.first - b.chunks.first);
  }
}
