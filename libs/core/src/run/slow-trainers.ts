/** Which trainers are slow now: each is named once, and once more when it is slow no longer. */
import type { TrainerId } from '../id.ts';
import type { Pace } from './paces.ts';
import { describeSlowness, slownessOf, type Slowness } from './straggler.ts';

/** A member as it is held against the others. */
export interface MeasuredMember {
  readonly trainer: TrainerId;
  readonly pace: Pace | undefined;
  /** Of the chunks, 0 to 1. */
  readonly share: number;
}

export class SlowTrainers {
  readonly #slow = new Map<TrainerId, Slowness>();

  /** Holds `members` against each other. Returns what has changed, for people. */
  judge(members: readonly MeasuredMember[]): string[] {
    const changes: string[] = [];
    const settled = members.flatMap(({ pace }) => (pace?.settled === true ? pace : []));
    for (const { trainer, pace, share } of members) {
      // What was found stays true until it, and another one, are measured anew.
      if (pace?.settled !== true) continue;
      const before = this.#slow.get(trainer);
      const others = settled.filter((other) => other !== pace);
      if (others.length === 0) continue;
      const now = slownessOf(pace, others, before?.cause);
      if (now === undefined) this.#slow.delete(trainer);
      else this.#slow.set(trainer, now);
      if (before?.cause === now?.cause) continue;
      const chunks = `its share is now ${percent(share)} of the chunks`;
      const state = now === undefined ? 'is no longer slow' : `is slow: ${describeSlowness(now)}`;
      changes.push(`trainer ${trainer} ${state}; ${chunks}`);
    }
    return changes;
  }

  /** Why `trainer` is slow, or nothing where it is not. */
  reasonOf(trainer: TrainerId): string | undefined {
    const slowness = this.#slow.get(trainer);
    return slowness === undefined ? undefined : describeSlowness(slowness);
  }

  forget(trainer: TrainerId): void {
    this.#slow.delete(trainer);
  }
}

/** A part, 0 to 1, for people. */
export function percent(part: number): string {
  return `${String(Math.round(part * 100))} %`;
}
