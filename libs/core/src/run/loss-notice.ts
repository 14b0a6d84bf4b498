/** What people are told of a member that is gone: who, how, where in the run, what was done, and what they can do. */
import type { TrainerId } from '../id.ts';
import { describeStep, type RunPlan } from './run-plan.ts';

/** Where a run stands when it loses a member. */
export interface LossPlace {
  readonly plan: RunPlan;
  readonly position: number;
  /** Whether nothing is trained any more. */
  readonly isOver: boolean;
  /** What the run is doing, in the words of its status: `training on 3 trainers`. */
  readonly status: string;
  /** Who is left. */
  readonly survivors: readonly TrainerId[];
}

/**
 * The notice, of which `trainer ... how` comes first. `how` says what was noticed, with the last sign of life: `lost: no heartbeat for
 * 3000 ms`. Whoever left by itself (`left: ...`) needs no remedy.
 */
export function lossNotice(trainer: TrainerId, how: string, place: LossPlace): string {
  const { plan, position, isOver, survivors } = place;
  const where = isOver ? 'after the last step' : `in ${describeStep(plan, position)}`;
  const done = survivors.length === 0 ? 'nobody is left' : `its unfinished work goes to ${survivors.join(', ')}`;
  const remedy = how.startsWith('left')
    ? ''
    : '; if it does not come back by itself, its log says why, and a trainer started in its place joins at the next step';
  return `trainer ${trainer} ${how}; ${where}, while ${place.status}; ${done}${remedy}`;
}
