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

interface Held {
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
  #held: Held[] = [];

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
    const held = this.#held;
    this.#held = [];
    for (const { lane, deliver } of held) this.#arriveAfter(this.#latency(), lane, deliver);
  }

  /** Brings `bytes` bytes over; calls `deliver` when they are there. */
  carry(lane: Lane, bytes: number, deliver: () => void): void {
    if (this.isBlocked) {
      this.#held.push({ lane, deliver });
      return;
    }
    const startMs = Math.max(this.#time.nowMs, this.#freeAtMs);
    this.#freeAtMs = startMs + (bytes * this.slowness) / this.#speed.bytesPerMs;
    this.#arriveAfter(this.#freeAtMs - this.#time.nowMs + this.#latency(), lane, deliver);
  }

  #latency(): number {
    return (this.#speed.latencyMs + this.#draws.between(0, this.#speed.jitterMs)) * this.slowness;
  }

  #arriveAfter(delayMs: number, lane: Lane, deliver: () => void): void {
    const atMs = Math.max(this.#time.nowMs + delayMs, lane.lastArrivalMs);
    lane.lastArrivalMs = atMs;
    this.#time.after(atMs - this.#time.nowMs, () => {
      // Lost on the way, and sent again once the way is free.
      if (this.isBlocked) this.#held.push({ lane, deliver });
      else deliver();
    });
  }
}
