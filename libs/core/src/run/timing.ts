/** What follows from how long trainers take: slow ones are named, and work is divided by speed. */
import type { TrainerId } from '../id.ts';
import type { Pace } from './paces.ts';
import { pause } from './pausing.ts';
import type { RunEvent } from './run-event.ts';
import type { RunState } from './run-state.ts';
import { percent } from './slow-trainers.ts';

/** How a member of a run does, for people. */
export interface MemberPace extends Pace {
  /** Of the chunks, 0 to 1. */
  readonly share: number;
  /** Why it is slow, or `undefined` where it is not. */
  readonly slow: string | undefined;
}

/** Members that a notice tells one by one. */
const mostListed = 8;

export function takeTimes(run: RunState, event: RunEvent & { kind: 'timed' }): void {
  const { trainer, times, roundTripMs } = event;
  if (!run.membership.has(trainer)) return;
  run.membership.paces.measured(trainer, times, roundTripMs);
  for (const text of run.slow.judge(run.membership.measured)) run.emit({ kind: 'notice', text });
  if (run.membership.isWorthPause(run.course.chunkCount)) pause(run);
}

/** Divides the steps to come by the speed of the members, where that saves time. */
export function divideBySpeed(run: RunState): void {
  const shares = run.membership.betterShares(run.course.chunkCount);
  if (shares === undefined) return;
  run.membership.divide(shares);
  const { measured } = run.membership;
  const sorted = [...measured].sort((a, b) => b.share - a.share);
  const listed = measured.length <= mostListed ? measured : [...sorted.slice(0, 1), ...sorted.slice(-1)];
  const text = listed.map(({ trainer, share }) => `${trainer} ${percent(share)}`).join(', ');
  const whose = measured.length <= mostListed ? '' : 'most and least: ';
  run.emit({ kind: 'notice', text: `chunks are divided anew, by measured speed: ${whose}${text}` });
}

/** How a trainer does, or nothing where it is no member or has not reported. */
export function paceOf(run: RunState, trainer: TrainerId): MemberPace | undefined {
  const member = run.membership.measured.find((one) => one.trainer === trainer);
  if (member?.pace === undefined) return undefined;
  return { ...member.pace, share: member.share, slow: run.slow.reasonOf(trainer) };
}
