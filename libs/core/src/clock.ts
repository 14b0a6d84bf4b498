/** Time as a process sees it: given, never taken, so that a simulator can be the one who gives it. */
export interface Clock {
  /** Milliseconds of a monotonic clock. */
  nowMs(): number;
  /** Calls `action` once, `delayMs` from now, unless what it returns is called before. */
  after(delayMs: number, action: () => void): () => void;
  /** Calls `action` every `intervalMs` until what it returns is called. */
  every(intervalMs: number, action: () => void): () => void;
  /** Calls `action` in the next turn of the event loop: what is being sent goes out, and what has arrived comes in, before. */
  soon(action: () => void): void;
}
