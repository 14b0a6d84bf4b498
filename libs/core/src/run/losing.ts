/** How trainers cease to be members, and what becomes of their work. */
import type { TrainerId } from '../id.ts';
import { settle } from './autonomy.ts';
import type { Boundary } from './boundary.ts';
import { end } from './ending.ts';
import { formed, goOnWhenReady, open } from './joining.ts';
import { lossNotice } from './loss-notice.ts';
import { advanceBoundary, evaluate, pause } from './pausing.ts';
import { regroupEffects } from './regroup.ts';
import { describePhase } from './run-phase.ts';
import type { RunState } from './run-state.ts';

/** Lets a trainer go that wants to, at once or after the step in hand. */
export function letGo(run: RunState, trainer: TrainerId, reason: string): void {
  if (run.phase.kind === 'autonomous' && run.membership.size > 1 && run.membership.has(trainer)) {
    run.leaving.set(trainer, reason);
    pause(run);
    return;
  }
  run.emit({ kind: 'close', trainer, reason });
  lose(run, trainer, `left: ${reason}`);
}

/** Takes a member, or one that was to become one again, out at a moment at which it owes nothing. */
export function release(run: RunState, trainer: TrainerId, reason: string): void {
  run.leaving.delete(trainer);
  run.slow.forget(trainer);
  if (run.membership.has(trainer)) run.membership.remove(trainer);
  else if (run.candidates.has(trainer)) run.candidates.remove(trainer);
  else return;
  run.emit({ kind: 'notice', text: `trainer ${trainer} left: ${reason}` });
  run.emit({ kind: 'close', trainer, reason });
}

/** Takes a trainer out at once; `how` says how it went: `lost: no heartbeat for 3000 ms`. What it owes goes to the others. */
export function lose(run: RunState, trainer: TrainerId, how: string): void {
  const phase = run.phase;
  run.candidates.remove(trainer);
  run.leaving.delete(trainer);
  run.slow.forget(trainer);
  if (phase.kind === 'boundary') phase.boundary.synced(trainer);
  if (!run.membership.has(trainer)) {
    if (phase.kind === 'waiting') goOnWhenReady(run);
    else advanceBoundary(run);
    return;
  }
  const counts = { members: run.membership.size, ready: run.candidates.ready().length, required: run.required };
  const status = describePhase(phase, counts);
  run.membership.remove(trainer);
  const { plan, isOver } = run.course;
  const place = { plan, position: run.position, isOver, status, survivors: run.members };
  run.emit({ kind: 'notice', text: lossNotice(trainer, how, place) });
  if (run.membership.size === 0) {
    rollBack(run);
    return;
  }
  const { members } = run.membership;
  if (phase.kind === 'star') {
    phase.chunks.reassign(trainer, members);
    const choice = { transport: 'star', reason: `${trainer} was lost` } as const;
    run.emit(...regroupEffects(formed(run), phase.chunks, choice));
  } else if (phase.kind === 'autonomous') {
    phase.gang.lose(trainer);
    settle(run, phase.gang);
  } else if (phase.kind === 'boundary') {
    evaluate(run, phase.boundary, phase.boundary.withdraw(trainer, members));
    advanceBoundary(run);
  }
}

/**
 * Replicas differ, so some have computed with wrong parameters since they were last compared: everyone goes back to that
 * checkpoint, and whoever was wrong again is let go.
 */
export function dissent(run: RunState, boundary: Boundary, trainers: readonly TrainerId[]): void {
  const { position, weightsDigest } = boundary;
  const verdict = run.dissents.take(position, trainers, run.members);
  const replicas = run.membership.size;
  run.emit({ kind: 'audited', position, replicas, weightsDigest, dissenting: trainers, text: verdict.text });
  if (verdict.end) {
    end(run, { kind: 'failed', code: 'corrupt', message: verdict.text });
    return;
  }
  for (const trainer of verdict.evicted) release(run, trainer, verdict.text);
  for (const trainer of run.membership.dissolve()) run.candidates.stands(trainer, position);
  rollBack(run);
}

/** No replica is left that can be trusted: the run goes back to the checkpoint of its last recorded epoch and waits. */
function rollBack(run: RunState): void {
  run.phase = { kind: 'waiting' };
  run.hold = false;
  run.emit({ kind: 'roll-back', position: run.course.rollBack() });
  for (const trainer of run.candidates.ready()) open(run, trainer);
}
