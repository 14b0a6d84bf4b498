/** A gang that commits by itself: it reports steps, and says where it stands when it stops or is asked to. */
import type { TrainerId } from '../id.ts';
import { diverge, fail } from './ending.ts';
import type { Accusation, Gang } from './gang.ts';
import { work } from './joining.ts';
import { openBoundary } from './pausing.ts';
import type { CommittedStep, RunEvent } from './run-event.ts';
import type { RunState } from './run-state.ts';

export function takeProgress(run: RunState, event: RunEvent & { kind: 'progress' }): void {
  if (run.phase.kind !== 'autonomous' || event.generation !== run.generation) return;
  if (event.trainer === run.members[0]) takeSteps(run, event.trainer, run.phase.gang, event.steps);
}

/** Records the steps that are new. Tells whether the run goes on. */
function takeSteps(run: RunState, trainer: TrainerId, gang: Gang, steps: readonly CommittedStep[]): boolean {
  const fresh = run.course.take(steps);
  if (fresh.kind === 'out-of-turn') {
    const message = `sent position ${String(fresh.position)} out of turn, ${String(run.course.recorded)} comes next`;
    fail(run, { kind: 'trainer-failed', trainer, code: 'internal', message, others: 0 });
    return false;
  }
  const recorded = fresh.steps.map((step) => gang.record(step));
  if (recorded.length > 0) run.emit({ kind: 'record-steps', steps: recorded });
  if (fresh.failed === undefined) return true;
  diverge(run, run.course.recorded, fresh.failed.nonFinite);
  return false;
}

export function takeStanding(run: RunState, event: RunEvent & { kind: 'standing' }): void {
  const { trainer, generation, position, steps } = event;
  if (run.phase.kind !== 'autonomous' || generation !== run.generation || !run.membership.has(trainer)) return;
  const { gang } = run.phase;
  if (!takeSteps(run, trainer, gang, steps)) return;
  gang.settling.stands(trainer, position);
  if (gang.settling.complete) settled(run, gang);
}

export function takePeerLost(run: RunState, event: RunEvent & { kind: 'peer-lost' }): void {
  const { trainer, generation, peer, reason } = event;
  if (run.phase.kind !== 'autonomous' || generation !== run.generation) return;
  if (!run.membership.has(trainer) || !run.membership.has(peer)) return;
  run.phase.gang.accuse({ by: trainer, peer, reason });
  run.membership.renew();
  settle(run, run.phase.gang);
}

/** Asks the members where they stand. */
export function settle(run: RunState, gang: Gang): void {
  const { generation, members } = run.membership;
  gang.settle(members);
  const { recorded } = run.course;
  for (const trainer of members) run.emit({ kind: 'settle', trainer, generation, recorded });
}

/** All members stand, none more than a step behind the foremost: goes on from there. */
function settled(run: RunState, gang: Gang): void {
  const { foremost } = gang.settling;
  const { recorded } = run.course;
  const unknown = run.members.find((trainer) => gang.settling.positionOf(trainer) > recorded);
  if (unknown !== undefined) {
    const message = `stands at position ${String(foremost)}, ${String(recorded)} steps are known`;
    fail(run, { kind: 'trainer-failed', trainer: unknown, code: 'internal', message, others: 0 });
    return;
  }
  run.course.standAt(foremost);
  judge(run, gang.accusation);
  for (const trainer of run.members.filter((id) => gang.settling.positionOf(id) < foremost)) {
    run.membership.remove(trainer);
    run.candidates.stands(trainer, gang.settling.positionOf(trainer));
  }
  const joins = run.candidates.ready().length > 0;
  const few = run.membership.size < run.required;
  if (run.hold || joins || few || run.course.isAtEpochEnd) openBoundary(run);
  else {
    run.membership.renew();
    work(run, gang.reassigned(run.position, run.members));
  }
}

/** A member that another could not reach, but that is still here: they must not depend on each other again. */
function judge(run: RunState, accusation: Accusation | undefined): void {
  if (accusation === undefined) return;
  const { by, peer, reason } = accusation;
  if (!run.membership.has(peer) || !run.membership.has(by)) return;
  const text = `${by} cannot reach ${peer}: ${reason}`;
  const then = run.transport.obstruct(text) ? 'the run goes on through the coordinator' : 'they try once more';
  run.emit({ kind: 'notice', text: `trainer ${text}; ${then}` });
}
