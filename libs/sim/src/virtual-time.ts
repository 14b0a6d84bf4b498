/**
 * Time that passes only when there is something to do: events in the order of their times, and of being planned where times are
 * equal. After each event everything that it set off (promises, ticks) has run before the next one comes.
 */

interface PlannedEvent {
  readonly atMs: number;
  readonly sequence: number;
  action: (() => void) | undefined;
}

/** A clock and the events planned on it. */
export class VirtualTime {
  readonly #heap: PlannedEvent[] = [];
  #nowMs = 0;
  #sequence = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Events that have happened. */
  eventCount = 0;

  /** Plans `action` for `delayMs` from now, unless what is returned is called before. */
  after(delayMs: number, action: () => void): () => void {
    const event: PlannedEvent = { atMs: this.#nowMs + Math.max(0, delayMs), sequence: this.#sequence++, action };
    this.#push(event);
    return () => {
      event.action = undefined;
    };
  }

  /** Lets the next event happen, with all that it sets off. False: nothing is planned. */
  async advance(): Promise<boolean> {
    for (let next = this.#pop(); next !== undefined; next = this.#pop()) {
      const { action } = next;
      if (action === undefined) continue;
      this.#nowMs = next.atMs;
      this.eventCount++;
      action();
      // Promise jobs and ticks run dry before the event loop comes to immediates.
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
      return true;
    }
    return false;
  }

  #push(event: PlannedEvent): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isBefore(event, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): PlannedEvent | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      let smaller = heap[child];
      const right = heap[child + 1];
      if (smaller !== undefined && right !== undefined && isBefore(right, smaller)) {
        smaller = right;
        child++;
      }
      if (smaller === undefined || !isBefore(smaller, last)) break;
      heap[at] = smaller;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: PlannedEvent, b: PlannedEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}
