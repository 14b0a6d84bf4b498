/**
 * The pause between two steps: what must be done before the run goes on.
 *
 * At the end of an epoch: evaluate, check that the replicas are equal, write a checkpoint. Whenever trainers wait to join: copy
 * a replica to them. All replicas stand at the same position and none works on a step.
 */
import type { TrainerId } from '../id.ts';
import type { ChunkRange } from '../reduction-tree.ts';
import { Evaluation } from './evaluation.ts';
import { evaluationChunkCount, isEpochEnd, totalSteps, type EvaluationSplit, type RunPlan } from './run-plan.ts';

/** Progress of one boundary. */
export interface Boundary {
  readonly position: number;
  readonly evaluations: readonly Evaluation[];
  /** Digest of the parameters that each member evaluated. */
  readonly digests: Map<TrainerId, string>;
  /** Whether the replicas were evaluated, so that their digests are due. */
  readonly epochEnded: boolean;
  checkpoint: 'not-due' | 'due' | 'writing' | 'written';
  /** Where the snapshot for the checkpoint and for newcomers is. */
  snapshot: 'none' | 'requested' | 'arrived';
  snapshotFrom: TrainerId | undefined;
  /** Newcomers to whom the snapshot was sent and who have not answered. */
  readonly syncing: Set<TrainerId>;
}

/** Opens the boundary at `position`; `recorded` tells that this epoch's result and checkpoint are in the store. */
export function openBoundary(
  plan: RunPlan,
  position: number,
  members: readonly TrainerId[],
  recorded: boolean,
): Boundary {
  const epochEnded = isEpochEnd(plan, position);
  const splits: EvaluationSplit[] = [];
  if (epochEnded && !recorded) splits.push('validation');
  if (position === totalSteps(plan)) splits.push('test');
  return {
    position,
    evaluations: splits.map(
      (split) => new Evaluation(split, plan.evaluationExamples[split], evaluationChunkCount(plan, split), members),
    ),
    digests: new Map(),
    epochEnded: splits.length > 0,
    checkpoint: epochEnded && !recorded ? 'due' : 'not-due',
    snapshot: 'none',
    snapshotFrom: undefined,
    syncing: new Set(),
  };
}

/** Whether all evaluations are complete and every member has reported its digest. */
function isEvaluated(boundary: Boundary, members: readonly TrainerId[]): boolean {
  if (!boundary.evaluations.every((evaluation) => evaluation.ledger.complete)) return false;
  return !boundary.epochEnded || members.every((member) => boundary.digests.has(member));
}

/** The members whose digest differs from that of most others, or none. Ties go to the smaller digest, by name. */
function dissentingReplicas(digests: ReadonlyMap<TrainerId, string>): TrainerId[] {
  const votes = new Map<string, number>();
  for (const digest of digests.values()) votes.set(digest, (votes.get(digest) ?? 0) + 1);
  const [winner] = [...votes].sort(([a, votesA], [b, votesB]) => votesB - votesA || (a < b ? -1 : 1));
  return [...digests].filter(([, digest]) => digest !== winner?.[0]).map(([trainer]) => trainer);
}

/**
 * Takes a lost trainer out: what it still owed is given to `members` (without it), and the snapshot, if it was to come from
 * it, must be asked for again. Returns what the members are now asked to evaluate besides.
 */
export function withdrawFromBoundary(
  boundary: Boundary,
  lost: TrainerId,
  members: readonly TrainerId[],
): { readonly trainer: TrainerId; readonly split: EvaluationSplit; readonly chunks: readonly ChunkRange[] }[] {
  boundary.digests.delete(lost);
  if (boundary.snapshot === 'requested' && boundary.snapshotFrom === lost) boundary.snapshot = 'none';
  return boundary.evaluations.flatMap(({ split, ledger }) => {
    const given = members.map((trainer) => ledger.rangesOf(trainer).length);
    ledger.reassign(lost, members);
    return members
      .map((trainer, rank) => ({ trainer, split, chunks: ledger.rangesOf(trainer).slice(given[rank]) }))
      .filter((request) => request.chunks.length > 0);
  });
}

/** What a boundary needs next. */
export type BoundaryAction =
  | { readonly kind: 'request-snapshot'; readonly from: TrainerId }
  | { readonly kind: 'write-checkpoint' }
  | { readonly kind: 'send-snapshot'; readonly to: readonly TrainerId[] }
  | { readonly kind: 'dissent'; readonly trainers: readonly TrainerId[] }
  | { readonly kind: 'leave' };

/**
 * Whatever can be done now, in order; `boundary` is marked as if it were done. `behind` are the trainers, sorted, that have
 * loaded the run and stand at another position.
 */
export function advanceBoundary(
  boundary: Boundary,
  members: readonly TrainerId[],
  behind: readonly TrainerId[],
): BoundaryAction[] {
  if (!isEvaluated(boundary, members)) return [];
  const dissenting = dissentingReplicas(boundary.digests);
  if (dissenting.length > 0) return [{ kind: 'dissent', trainers: dissenting }];
  const newcomers = behind.filter((trainer) => !boundary.syncing.has(trainer));
  const actions: BoundaryAction[] = [];
  const [source] = members;
  if ((boundary.checkpoint === 'due' || newcomers.length > 0) && boundary.snapshot === 'none' && source !== undefined) {
    boundary.snapshot = 'requested';
    boundary.snapshotFrom = source;
    actions.push({ kind: 'request-snapshot', from: source });
  }
  if (boundary.snapshot === 'requested') return actions;
  if (boundary.checkpoint === 'due') {
    boundary.checkpoint = 'writing';
    actions.push({ kind: 'write-checkpoint' });
  }
  if (newcomers.length > 0) {
    for (const newcomer of newcomers) boundary.syncing.add(newcomer);
    actions.push({ kind: 'send-snapshot', to: newcomers });
  }
  const checkpointed = boundary.checkpoint === 'not-due' || boundary.checkpoint === 'written';
  if (checkpointed && boundary.syncing.size === 0) actions.push({ kind: 'leave' });
  return actions;
}
