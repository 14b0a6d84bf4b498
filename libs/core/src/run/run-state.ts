/** Everything that a run's machine remembers. Its decisions are in the files beside this one, by concern. */
import type { TrainerId } from '../id.ts';
import { Candidates } from './candidates.ts';
import { Course } from './course.ts';
import { Dissents } from './dissents.ts';
import { Membership } from './membership.ts';
import type { RunEffect } from './run-event.ts';
import type { RunPhase } from './run-phase.ts';
import type { RunStart } from './run-start.ts';
import { SlowTrainers } from './slow-trainers.ts';
import { TransportPolicy } from './transport-policy.ts';

export class RunState {
  readonly course: Course;
  readonly candidates: Candidates = new Candidates();
  readonly membership: Membership;
  readonly transport: TransportPolicy;
  readonly dissents: Dissents = new Dissents();
  readonly slow: SlowTrainers = new SlowTrainers();
  /** Members that are let go at the next boundary, and why. */
  readonly leaving: Map<TrainerId, string> = new Map<TrainerId, string>();
  readonly #start: RunStart;
  phase: RunPhase = { kind: 'waiting' };
  /** Whether a boundary follows the step in hand, whatever its position. */
  hold = false;
  /** Whether replicas are compared at the next boundary, whatever its position. */
  audit = false;
  /** Whether updates of a star wait to be sent: see the event `backlog`. */
  backlog = false;
  /** Whether the first step has begun. */
  started = false;
  #effects: RunEffect[] = [];

  constructor(start: RunStart) {
    this.#start = start;
    this.course = new Course(start);
    this.membership = new Membership(start.generation);
    this.transport = new TransportPolicy(start.transport);
  }

  get position(): number {
    return this.course.position;
  }

  get generation(): number {
    return this.membership.generation;
  }

  get members(): readonly TrainerId[] {
    return this.membership.members;
  }

  /** Trainers without which the run waits. */
  get required(): number {
    const { minTrainers, startTrainers } = this.#start;
    return this.started ? minTrainers : Math.max(minTrainers, startTrainers);
  }

  emit(...effects: readonly RunEffect[]): void {
    this.#effects.push(...effects);
  }

  /** The effects since the last call, in order. */
  takeEffects(): RunEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
