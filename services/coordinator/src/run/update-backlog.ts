/**
 * Updates that some trainer's stream has not taken whole. A member with chunks takes one before it gives what the next step needs; one
 * without chunks owes nothing, and without a bound the updates of a whole epoch would wait here for a slow one: a trainer reads an update
 * only when it has applied the one before.
 */

/** Updates that may be on their way before no step is committed; members with chunks never need more than one. */
const limit = 2;

export class UpdateBacklog {
  readonly #changed: (full: boolean) => void;
  #unsent = 0;

  /** `changed` is told when there are more updates on their way than may be, and when there are not any more. */
  constructor(changed: (full: boolean) => void) {
    this.#changed = changed;
  }

  /** One more is on its way. What is returned is called once, when every stream has taken it or has ended; it calls `sent`. */
  begin(sent: () => void): () => void {
    this.#unsent++;
    if (this.#unsent === limit + 1) this.#changed(true);
    return () => {
      this.#unsent--;
      if (this.#unsent === limit) this.#changed(false);
      sent();
    };
  }
}
