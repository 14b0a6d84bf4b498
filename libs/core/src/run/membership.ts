/** Who takes part in a run: the agreed membership and its generation, and what was measured of each member. */
import type { TrainerId } from '../id.ts';
import { evenShares } from '../batch-plan.ts';
import { rebalance } from './balance.ts';
import { Paces } from './paces.ts';
import type { MeasuredMember } from './slow-trainers.ts';

/** Seconds between divisions of the work that call for a pause: so many before the first one, twice as many before each next. */
const firstPauseSeconds = 3;
const mostPauseSeconds = 60;

export class Membership {
  #generation: number;
  #members: readonly TrainerId[] = [];
  #shares: readonly number[] = [];
  #divisions = 0;
  readonly paces: Paces = new Paces();

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
    return Math.max(0, ...this.#members.map((member) => this.paces.roundTripMs(member)));
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
    this.paces.forget(trainer);
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

  /** The members as they are held against each other. */
  get measured(): MeasuredMember[] {
    const total = this.#shares.reduce((sum, share) => sum + share, 0);
    return this.#members.map((trainer, rank) => {
      return { trainer, pace: this.paces.of(trainer), share: (this.#shares[rank] ?? 0) / Math.max(1, total) };
    });
  }

  /** Shares for steps of `chunkCount` chunks that would save time, if there are any. */
  betterShares(chunkCount: number): readonly number[] | undefined {
    if (this.#members.length < 2) return undefined;
    const seconds = this.#members.map((member) => this.paces.secondsPerChunk(member));
    return rebalance(chunkCount, this.#shares, seconds);
  }

  /**
   * Whether better shares are worth a pause: every member was measured since the last division, and that is long enough ago. With
   * each division it takes longer, so that speeds that change all the time cost no pause each time.
   */
  isWorthPause(chunkCount: number): boolean {
    const seconds = Math.min(mostPauseSeconds, firstPauseSeconds * 2 ** this.#divisions);
    const ripe = this.#members.every(
      (member) =>
        this.paces.secondsPerChunk(member) !== undefined && this.paces.secondsSinceDivision(member) >= seconds,
    );
    return ripe && this.betterShares(chunkCount) !== undefined;
  }

  /** Divides later steps by `shares`. */
  divide(shares: readonly number[]): void {
    this.#shares = shares;
    this.#divisions++;
    this.paces.divided();
  }
}
