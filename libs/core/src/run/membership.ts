/** Who takes part in a run: the agreed membership and its generation, and what was measured of each member. */
import type { TrainerId } from '../id.ts';
import { rebalance } from './balance.ts';
import { evenShares } from '../batch-plan.ts';

export class Membership {
  #generation: number;
  #members: readonly TrainerId[] = [];
  #shares: readonly number[] = [];
  readonly #secondsPerChunk = new Map<TrainerId, number>();
  readonly #roundTripsMs = new Map<TrainerId, number>();

  constructor(generation: number) {
    this.#generation = generation;
  }

  /** The number of the last agreed membership. */
  get generation(): number {
    return this.#generation;
  }

  /** In rank order, which is that of the ids. */
  get members(): readonly TrainerId[] {
    return this.#members;
  }

  get size(): number {
    return this.#members.length;
  }

  /** In rank order: see `assignChunks`. */
  get shares(): readonly number[] {
    return this.#shares;
  }

  /** The longest round trip of a member to the coordinator that was measured; 0 where none was. */
  get roundTripMs(): number {
    return Math.max(0, ...this.#members.map((member) => this.#roundTripsMs.get(member) ?? 0));
  }

  has(trainer: TrainerId): boolean {
    return this.#members.includes(trainer);
  }

  /** Takes trainers in. Shares are even again. */
  admit(trainers: readonly TrainerId[]): void {
    this.#generation++;
    this.#members = [...this.#members, ...trainers].sort();
    this.#shares = evenShares(this.#members.length);
  }

  /** Takes a trainer out; the others keep their shares. */
  remove(trainer: TrainerId): void {
    const rank = this.#members.indexOf(trainer);
    if (rank === -1) return;
    this.#generation++;
    this.#members = this.#members.filter((member) => member !== trainer);
    this.#shares = this.#shares.filter((_, index) => index !== rank);
  }

  /** Lets everyone go. */
  dissolve(): readonly TrainerId[] {
    const members = this.#members;
    this.#members = [];
    this.#shares = [];
    return members;
  }

  /** Begins a new generation of the same members: nothing of the one before counts any more. */
  renew(): void {
    this.#generation++;
  }

  measured(trainer: TrainerId, secondsPerChunk: number, roundTripMs: number): void {
    this.#secondsPerChunk.set(trainer, secondsPerChunk);
    this.#roundTripsMs.set(trainer, roundTripMs);
  }

  /** Shares for steps of `chunkCount` chunks that would save time, if there are any. */
  betterShares(chunkCount: number): readonly number[] | undefined {
    if (this.#members.length < 2) return undefined;
    const seconds = this.#members.map((member) => this.#secondsPerChunk.get(member));
    return rebalance(chunkCount, this.#shares, seconds);
  }

  /** Divides later steps by `shares`. */
  divide(shares: readonly number[]): void {
    this.#shares = shares;
  }
}
