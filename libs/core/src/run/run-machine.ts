/**
 * Decides the course of one run: who takes part, who computes what, when a step is committed, when the run pauses.
 *
 * Fed events, it returns effects; it sees no clock, no network and no float. Given the same events in the same order it
 * returns the same effects. What the trainers compute and in which order sums are added follows from the plan alone, so
 * nothing decided here can change a result: only when it is there.
 */
import type { TrainerId } from '../id.ts';
import { takePeerLost, takeProgress, takeStanding } from './autonomy.ts';
import { diverge, end, fail } from './ending.ts';
import { open, ready } from './joining.ts';
import { letGo, lose } from './losing.ts';
import { audit, tellBoundary } from './pausing.ts';
import type { RunEffect, RunEvent } from './run-event.ts';
import { describePhase } from './run-phase.ts';
import type { RunStart } from './run-start.ts';
import { RunState } from './run-state.ts';
import { takeBacklog, takePartial, takeRoundPartial } from './star.ts';
import { paceOf, takeTimes, type MemberPace } from './timing.ts';

export class RunMachine {
  readonly #run: RunState;

  constructor(start: RunStart) {
    this.#run = new RunState(start);
  }

  /** Where the replicas stand: steps committed. */
  get position(): number {
    return this.#run.position;
  }

  get generation(): number {
    return this.#run.generation;
  }

  /** Trainers of the current generation, in rank order. */
  get members(): readonly TrainerId[] {
    return this.#run.members;
  }

  /** Trainers without which the run does not go on. */
  get required(): number {
    return this.#run.required;
  }

  /** What the run is doing, and why, for people. */
  get status(): string {
    const { candidates, members, phase, required } = this.#run;
    return describePhase(phase, { members: members.length, ready: candidates.ready().length, required });
  }

  /** How a member does, or nothing where `trainer` is none or has not reported. */
  paceOf(trainer: TrainerId): MemberPace | undefined {
    return paceOf(this.#run, trainer);
  }

  /** Takes one event and returns what is to be done, in order. After the end, nothing is. */
  handle(event: RunEvent): RunEffect[] {
    if (this.#run.phase.kind !== 'ended') take(this.#run, event);
    return this.#run.takeEffects();
  }
}

function take(run: RunState, event: RunEvent): void {
  switch (event.kind) {
    case 'trainer-assigned':
      run.transport.meet(event.trainer, event.reachable);
      open(run, event.trainer);
      return;
    case 'trainer-ready':
      run.transport.contributionBytes = event.contributionBytes;
      run.transport.roundCount = event.roundCount;
      ready(run, event.trainer, event.position);
      return;
    case 'trainer-leaving':
      letGo(run, event.trainer, event.reason);
      return;
    case 'trainer-lost':
      lose(run, event.trainer, `lost: ${event.reason}`);
      return;
    case 'trainer-failed':
      fail(run, event);
      return;
    case 'partial':
      takePartial(run, event);
      return;
    case 'round-partial':
      takeRoundPartial(run, event);
      return;
    case 'summed':
      run.course.addSums(event);
      return;
    case 'non-finite':
      diverge(run, event.position, event.what);
      return;
    case 'progress':
      takeProgress(run, event);
      return;
    case 'standing':
      takeStanding(run, event);
      return;
    case 'peer-lost':
      takePeerLost(run, event);
      return;
    case 'timed':
      takeTimes(run, event);
      return;
    case 'audit-requested':
      audit(run);
      return;
    case 'evaluation':
      if (!run.membership.has(event.trainer)) return;
      tellBoundary(run, (boundary) => {
        boundary.takeEvaluation(event);
      });
      return;
    case 'snapshot-arrived':
      tellBoundary(run, (boundary) => {
        boundary.takeSnapshot(event.trainer, event.position);
      });
      return;
    case 'checkpoint-written':
      tellBoundary(run, (boundary) => {
        boundary.takeCheckpoint(event.position);
      });
      return;
    case 'backlog':
      takeBacklog(run, event.full);
      return;
    case 'failed':
      end(run, { kind: 'failed', code: event.code, message: event.message });
      return;
    case 'cancelled':
      end(run, { kind: 'cancelled', message: event.reason });
      return;
  }
}
