/**
 * Where the members of a gang that commits by itself stand.
 *
 * They commit without asking, so the run's machine learns their positions only when they stop: by themselves at the end of an
 * epoch or at a hold, or because the machine asked after a loss. No member can be more than one step ahead of another: a step needs
 * a word of each of them.
 */
import type { TrainerId } from '../id.ts';

export class Settling {
  readonly #positions = new Map<TrainerId, number>();
  readonly #members: readonly TrainerId[];

  constructor(members: readonly TrainerId[]) {
    this.#members = members;
  }

  /** The replica of `trainer` stands at `position` and stays there. */
  stands(trainer: TrainerId, position: number): void {
    if (this.#members.includes(trainer)) this.#positions.set(trainer, position);
  }

  /** Whether all members stand. */
  get complete(): boolean {
    return this.#positions.size === this.#members.length;
  }

  /** Who has not said where it stands. */
  get awaited(): TrainerId[] {
    return this.#members.filter((member) => !this.#positions.has(member));
  }

  /** The position of the foremost. */
  get foremost(): number {
    return Math.max(...this.#positions.values());
  }

  positionOf(trainer: TrainerId): number {
    return this.#positions.get(trainer) ?? 0;
  }
}
