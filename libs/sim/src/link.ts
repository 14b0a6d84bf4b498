/**
 * The way between two machines, one direction: what is sent takes time and arrives in order; while the way is blocked it waits,
 * as packets do that are sent again until they come through.
 */
import type { Draws } from './draws.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How fast a link is. */
export interface LinkSpeed {
  readonly latencyMs: number;
  /** Up to this is added to each latency. */
  readonly jitterMs: number;
  readonly bytesPerMs: number;
}

/** What goes over a link in order, such as one direction of a connection. */
export interface Lane {
  lastArrivalMs: number;
}

interface Parcel {
  /** Counts what was sent: nothing overtakes within a lane. */
  readonly number: number;
  readonly lane: Lane;
  readonly deliver: () => void;
}

export class Link {
  readonly #time: VirtualTime;
  readonly #draws: Draws;
  readonly #speed: LinkSpeed;
  /** How many times slower than its speed the link is. */
  slowness = 1;
  #freeAtMs = 0;
  #blocks = 0;
  #held: Parcel[] = [];
  #sent = 0;

  constructor(time: VirtualTime, draws: Draws, speed: LinkSpeed) {
    this.#time = time;
    this.#draws = draws;
    this.#speed = speed;
  }

  get isBlocked(): boolean {
    return this.#blocks > 0;
  }

  /** Lets nothing through until `unblock` was called as often. */
  block(): void {
    this.#blocks++;
  }

  unblock(): void {
    this.#blocks--;
    if (this.isBlocked) return;
    const held = this.#held.sort((a, b) => a.number - b.number);
    this.#held = [];
    for (const parcel of held) this.#arriveAfter(this.#latency(), parcel);
  }

  /** Brings `bytes` bytes over; calls `deliver` when they are there. */
  carry(lane: Lane, bytes: number, deliver: () => void): void {
    const parcel = { number: this.#sent++, lane, deliver };
    if (this.isBlocked) {
      this.#held.push(parcel);
      return;
    }
    const startMs = Math.max(this.#time.nowMs, this.#freeAtMs);
    this.#freeAtMs = startMs + (bytes * this.slowness) / this.#speed.bytesPerMs;
    this.#arriveAfter(this.#freeAtMs - this.#time.nowMs + this.#latency(), parcel);
  }

  #latency(): number {
    return (this.#speed.latencyMs + this.#draws.between(0, this.#speed.jitterMs)) * this.slowness;
  }

  #arriveAfter(delayMs: number, parcel: Parcel): void {
    const { lane } = parcel;
    const atMs = Math.max(this.#time.nowMs + delayMs, lane.lastArrivalMs);
    lane.lastArrivalMs = atMs;
    this.#time.after(atMs - this.#time.nowMs, () => {
      // Lost on the way, and sent again once the way is free.
      if (this.isBlocked) this.#held.push(parcel);
      else parcel.deliver();
    });
  }
}
