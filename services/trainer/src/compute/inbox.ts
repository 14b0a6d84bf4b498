/** Commands in the order in which they came, for a loop that takes one at a time. */
export class Inbox<T> {
  readonly #waiting: T[] = [];
  #wake: ((item: T) => void) | undefined;

  put(item: T): void {
    const wake = this.#wake;
    if (wake === undefined) this.#waiting.push(item);
    else {
      this.#wake = undefined;
      wake(item);
    }
  }

  /** Whether `take` would answer at once. */
  get hasMail(): boolean {
    return this.#waiting.length > 0;
  }

  /** Whether any waiting item satisfies `test`. */
  some(test: (item: T) => boolean): boolean {
    return this.#waiting.some(test);
  }

  /** The oldest item, when there is one. One call at a time. */
  take(): Promise<T> {
    const item = this.#waiting.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
