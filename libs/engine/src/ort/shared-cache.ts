/**
 * Things that several users share by key, and that outlive their users for a while: what was used last is kept, up to a number
 * of entries; what falls out is closed as soon as nobody uses it.
 */
export class SharedCache<T extends { close(): void }> {
  readonly #capacity: number;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The value for `key`, made by `make` where there is none. What failed to be made is forgotten. */
  async acquire(key: string, make: () => Promise<T>): Promise<Shared<T>> {
    const entry = this.#entries.get(key) ?? { made: make(), users: 0, isKept: true, isClosed: false };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.users++;
    let value: T;
    try {
      value = await entry.made;
    } catch (thrown) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw thrown;
    }
    await this.#shrink(this.#capacity);
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      entry.users--;
      if (!entry.isKept) closeUnused(entry, value);
    };
    return { value, release };
  }

  /** Forgets every entry, and closes those that nobody uses. */
  async clear(): Promise<void> {
    await this.#shrink(0);
  }

  async #shrink(capacity: number): Promise<void> {
    while (this.#entries.size > capacity) {
      const [oldest] = this.#entries;
      if (oldest === undefined) return;
      const [key, entry] = oldest;
      this.#entries.delete(key);
      entry.isKept = false;
      const value = await entry.made.catch(() => undefined);
      if (value !== undefined) closeUnused(entry, value);
    }
  }
}

/** The last user and the cache may let go in the same turn. */
function closeUnused<T extends { close(): void }>(entry: Entry<T>, value: T): void {
  if (entry.users > 0 || entry.isClosed) return;
  entry.isClosed = true;
  value.close();
}

/** A value in use. It stays usable until it is released. */
export interface Shared<T> {
  readonly value: T;
  readonly release: () => void;
}

interface Entry<T> {
  readonly made: Promise<T>;
  users: number;
  isKept: boolean;
  isClosed: boolean;
}
