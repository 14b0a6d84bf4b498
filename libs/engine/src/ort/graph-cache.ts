/**
 * Keeps what was made last, up to a number of entries, and closes what falls out. Used for compiled graphs: a run needs few
 * (one for whole groups of chunks, one or two for short ends), but their shapes are known only when they come.
 */
export class GraphCache<T extends { close(): Promise<void> }> {
  readonly #capacity: number;
  readonly #entries = new Map<string, Promise<T>>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The entry for `key`, made by `make` where there is none. What failed to be made is forgotten. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return await known;
    }
    const made = make();
    this.#entries.set(key, made);
    try {
      const entry = await made;
      await this.#evict();
      return entry;
    } catch (thrown) {
      this.#entries.delete(key);
      throw thrown;
    }
  }

  /** Closes every entry. */
  async clear(): Promise<void> {
    const entries = [...this.#entries.values()];
    this.#entries.clear();
    for (const entry of await Promise.allSettled(entries)) {
      if (entry.status === 'fulfilled') await entry.value.close();
    }
  }

  async #evict(): Promise<void> {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= this.#capacity) return;
      this.#entries.delete(key);
      await (await entry).close();
    }
  }
}
