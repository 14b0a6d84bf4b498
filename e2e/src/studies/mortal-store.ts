/** A store of studies that is gone with its coordinator in the middle of a write, and another one with what it had on disk. */
import { WeftError } from '@weft/core';
import { openSqliteStudyStore, type StudyStore } from '@weft/store';

type Write = (store: StudyStore) => void;

/** When the coordinator is lost, and what is left of its store. */
export interface Death {
  /** Writes that are done before. */
  readonly writes: number;
  /** Whether the one in hand is done too. */
  readonly isDone: boolean;
  /** Writes that the disk forgets: none where the process was killed, the last ones where the machine crashed. */
  readonly forgotten: number;
}

export class MortalStore {
  readonly #writes: Write[] = [];
  readonly #death: Death | undefined;
  /** To be used until it dies, and then again. */
  store: StudyStore;
  isDead = false;
  #hasDied = false;

  constructor(death?: Death) {
    this.#death = death;
    this.store = this.#open();
  }

  get writes(): number {
    return this.#writes.length;
  }

  /** Has what is on disk after the death. */
  reopen(): void {
    this.#hasDied = true;
    this.isDead = false;
    // The submission was acknowledged long ago.
    const kept = Math.max(1, this.#writes.length - (this.#death?.forgotten ?? 0));
    this.#writes.length = Math.min(kept, this.#writes.length);
    this.store = this.#open();
  }

  #open(): StudyStore {
    const inner = openSqliteStudyStore(':memory:');
    for (const write of this.#writes) write(inner);
    const write = (action: Write): void => {
      const isLast = !this.#hasDied && this.#writes.length === this.#death?.writes;
      if (!this.isDead && (!isLast || this.#death.isDone)) {
        action(inner);
        this.#writes.push(action);
      }
      this.isDead ||= isLast;
      if (this.isDead) throw new WeftError('unavailable', 'the coordinator was killed');
    };
    return {
      ...inner,
      insert: (...args) => {
        write((store) => {
          store.insert(...args);
        });
      },
      update: (...args) => {
        write((store) => {
          store.update(...args);
        });
      },
      append: (...args) => {
        write((store) => {
          store.append(...args);
        });
      },
      restart: (...args) => {
        write((store) => {
          store.restart(...args);
        });
      },
    };
  }
}
