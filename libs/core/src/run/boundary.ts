/**
 * The pause between two steps: what must be done before the run goes on.
 *
 * At the end of an epoch: evaluate, check that the replicas are equal, write a checkpoint. Whenever trainers wait to join: copy
 * a replica to them. All replicas stand at the same position and none works on a step.
 */
import type { TrainerId } from '../id.ts';
import type { ChunkRange } from '../reduction-tree.ts';
import { Evaluation } from './evaluation.ts';
import type { EvaluationChunkSums, EvaluationResult } from './run-event.ts';
import { evaluationChunkCount, isEpochEnd, type EvaluationSplit, type RunPlan } from './run-plan.ts';

/** What a member is asked to evaluate. */
export interface EvaluationRequest {
  readonly trainer: TrainerId;
  readonly split: EvaluationSplit;
  readonly chunks: readonly ChunkRange[];
}

/** What a member evaluated. */
export interface EvaluationAnswer {
  readonly trainer: TrainerId;
  readonly position: number;
  readonly split: EvaluationSplit;
  readonly chunks: readonly EvaluationChunkSums[];
  readonly weightsDigest: string;
}

/** What a boundary found; a split that was not evaluated has no result. */
export interface BoundaryResults {
  readonly validation: EvaluationResult | undefined;
  readonly test: EvaluationResult | undefined;
  /** The one digest that all members reported; empty where none was asked for. */
  readonly weightsDigest: string;
}

/** Where in its course a run pauses: see `Course`. */
export interface BoundaryPlace {
  readonly position: number;
  readonly isEpochRecorded: boolean;
  readonly isOver: boolean;
}

/** What a boundary needs next. */
export type BoundaryAction =
  | { readonly kind: 'request-snapshot'; readonly from: TrainerId }
  | { readonly kind: 'write-checkpoint' }
  | { readonly kind: 'send-snapshot'; readonly to: readonly TrainerId[] }
  | { readonly kind: 'dissent'; readonly trainers: readonly TrainerId[] }
  | { readonly kind: 'leave' };

/** Progress of one boundary. */
export class Boundary {
  readonly position: number;
  readonly evaluations: readonly Evaluation[];
  /** Whether replicas are compared though nothing is evaluated. */
  readonly audited: boolean;
  /** Digest of the parameters that each member evaluated. */
  readonly #digests = new Map<TrainerId, string>();
  #checkpoint: 'not-due' | 'due' | 'writing' | 'written';
  /** Where the snapshot for the checkpoint and for newcomers is. */
  #snapshot: 'none' | 'requested' | 'arrived' = 'none';
  #snapshotFrom: TrainerId | undefined;
  /** Newcomers to whom the snapshot was sent and who have not answered. */
  readonly #syncing = new Set<TrainerId>();

  /**
   * `course` tells whether the result and the checkpoint of the epoch that ended last are in the store, and whether the run is over;
   * `audit` asks for a comparison of the replicas, which otherwise comes with an evaluation only.
   */
  constructor(plan: RunPlan, course: BoundaryPlace, members: readonly TrainerId[], audit = false) {
    const { position, isEpochRecorded, isOver } = course;
    const epochIsDue = isEpochEnd(plan, position) && !isEpochRecorded;
    const splits: EvaluationSplit[] = [];
    if (epochIsDue) splits.push('validation');
    if (isOver) splits.push('test');
    this.position = position;
    this.evaluations = splits.map(
      (split) => new Evaluation(split, plan.evaluationExamples[split], evaluationChunkCount(plan, split), members),
    );
    this.audited = audit;
    this.#checkpoint = epochIsDue ? 'due' : 'not-due';
  }

  /** What `members` evaluate first: one request a member and split; a member without chunks still tells its digest. */
  requests(members: readonly TrainerId[]): EvaluationRequest[] {
    if (this.audited && this.evaluations.length === 0) {
      return members.map((trainer) => ({ trainer, split: 'validation', chunks: [] }));
    }
    return members.flatMap((trainer) =>
      this.evaluations.map(({ split, ledger }) => ({ trainer, split, chunks: ledger.rangesOf(trainer) })),
    );
  }

  /** Takes the answer of a member; one for another position changes nothing. */
  takeEvaluation(answer: EvaluationAnswer): void {
    if (answer.position !== this.position) return;
    this.evaluations.find(({ split }) => split === answer.split)?.take(answer.trainer, answer.chunks);
    this.#digests.set(answer.trainer, answer.weightsDigest);
  }

  /** The snapshot has arrived; one that was not asked of `trainer` changes nothing. */
  takeSnapshot(trainer: TrainerId, position: number): void {
    const isAwaited = this.#snapshot === 'requested' && this.#snapshotFrom === trainer && position === this.position;
    if (isAwaited) this.#snapshot = 'arrived';
  }

  /** The checkpoint is on disk; one that belongs to an earlier boundary changes nothing. */
  takeCheckpoint(position: number): void {
    if (this.#checkpoint === 'writing' && position === this.position) this.#checkpoint = 'written';
  }

  /** The newcomer `trainer` stands at this position, or is gone. */
  synced(trainer: TrainerId): void {
    this.#syncing.delete(trainer);
  }

  /**
   * Takes a lost member out: what it still owed is given to `members` (without it), and the snapshot, if it was to come from
   * it, must be asked for again. Returns what the members are now asked to evaluate besides.
   */
  withdraw(lost: TrainerId, members: readonly TrainerId[]): EvaluationRequest[] {
    this.#digests.delete(lost);
    if (this.#snapshot === 'requested' && this.#snapshotFrom === lost) this.#snapshot = 'none';
    return this.evaluations.flatMap(({ split, ledger }) => {
      const given = members.map((trainer) => ledger.rangesOf(trainer).length);
      ledger.reassign(lost, members);
      return members
        .map((trainer, rank) => ({ trainer, split, chunks: ledger.rangesOf(trainer).slice(given[rank]) }))
        .filter((request) => request.chunks.length > 0);
    });
  }

  /**
   * Whatever can be done now, in order; it counts as done. `behind` are the trainers, sorted, that have loaded the run and stand
   * at another position.
   */
  advance(members: readonly TrainerId[], behind: readonly TrainerId[]): BoundaryAction[] {
    if (!this.#isEvaluated(members)) return [];
    const dissenting = dissentingReplicas(this.#digests);
    if (dissenting.length > 0) return [{ kind: 'dissent', trainers: dissenting }];
    const newcomers = behind.filter((trainer) => !this.#syncing.has(trainer));
    const actions: BoundaryAction[] = [];
    const [source] = members;
    if ((this.#checkpoint === 'due' || newcomers.length > 0) && this.#snapshot === 'none' && source !== undefined) {
      this.#snapshot = 'requested';
      this.#snapshotFrom = source;
      actions.push({ kind: 'request-snapshot', from: source });
    }
    if (this.#snapshot === 'requested') return actions;
    if (this.#checkpoint === 'due') {
      this.#checkpoint = 'writing';
      actions.push({ kind: 'write-checkpoint' });
    }
    if (newcomers.length > 0) {
      for (const newcomer of newcomers) this.#syncing.add(newcomer);
      actions.push({ kind: 'send-snapshot', to: newcomers });
    }
    const checkpointed = this.#checkpoint === 'not-due' || this.#checkpoint === 'written';
    if (checkpointed && this.#syncing.size === 0) actions.push({ kind: 'leave' });
    return actions;
  }

  /** The digest that most members reported, or that all did; empty where none was asked for. */
  get weightsDigest(): string {
    const [digest = ''] = mostCommon(this.#digests.values());
    return digest;
  }

  /** What was found. Call it when the boundary is left. */
  results(): BoundaryResults {
    const resultOf = (split: EvaluationSplit): EvaluationResult | undefined =>
      this.evaluations.find((evaluation) => evaluation.split === split)?.result();
    return { validation: resultOf('validation'), test: resultOf('test'), weightsDigest: this.weightsDigest };
  }

  /** Whether all evaluations are complete and, where there were any, every member has reported its digest. */
  #isEvaluated(members: readonly TrainerId[]): boolean {
    if (!this.evaluations.every((evaluation) => evaluation.ledger.complete)) return false;
    return (this.evaluations.length === 0 && !this.audited) || members.every((member) => this.#digests.has(member));
  }
}

/** The members, sorted, whose digest differs from that of most others, or none; all of them where no digest has the most. */
function dissentingReplicas(digests: ReadonlyMap<TrainerId, string>): TrainerId[] {
  const [winner, ...others] = mostCommon(digests.values());
  const votes = (wanted: string | undefined): number =>
    [...digests.values()].filter((digest) => digest === wanted).length;
  const isTied = others.length > 0 && votes(others[0]) === votes(winner);
  return [...digests]
    .filter(([, digest]) => others.length > 0 && (isTied || digest !== winner))
    .map(([trainer]) => trainer)
    .sort();
}

/** The different digests, the most frequent one first. */
function mostCommon(digests: Iterable<string>): string[] {
  const votes = new Map<string, number>();
  for (const digest of digests) votes.set(digest, (votes.get(digest) ?? 0) + 1);
  return [...votes].sort(([, votesA], [, votesB]) => votesB - votesA).map(([digest]) => digest);
}
