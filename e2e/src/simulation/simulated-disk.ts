/** What outlives a simulated coordinator: the real store, in memory, and checkpoints that take time to be written. */
import { WeftError, type RunId } from '@weft/core';
import type { SimThread } from '@weft/sim';
import { openSqliteRunStore, type RunStore } from '@weft/store';
import type { CoordinatorParts } from '@weft/coordinator';
import type { Invariants } from './invariants.ts';

const checkpointsKept = 2;

export class SimulatedDisk {
  /** As it is on disk; no simulated process owns it. */
  readonly store: RunStore = openSqliteRunStore(':memory:');
  readonly #invariants: Invariants;
  readonly #files = new Map<string, Uint8Array>();

  readonly #guard: (check: () => void) => void;

  /** `guard` runs what may find a violation. */
  constructor(invariants: Invariants, guard: (check: () => void) => void) {
    this.#invariants = invariants;
    this.#guard = guard;
  }

  /** The store as a process sees it that runs in `thread`: what it does once it is dead does not happen. */
  mountStore(thread: SimThread): RunStore {
    const { store } = this;
    const invariants = this.#invariants;
    const write = (action: () => void): void => {
      if (!thread.isDead) action();
    };
    const check = (action: () => void): void => {
      this.#guard(action);
    };
    return {
      insert: (run) => write(() => store.insert(run)),
      update: (run, change) =>
        write(() => {
          const { generation } = change;
          if (generation !== undefined) check(() => invariants.stored(BigInt(generation)));
          store.update(run, change);
        }),
      find: (run) => store.find(run),
      all: () => store.all(),
      recordEpoch: (run, epoch, checkpoint) =>
        write(() => {
          check(() => invariants.epoch(epoch, checkpoint));
          store.recordEpoch(run, epoch, checkpoint);
        }),
      epochs: (run) => store.epochs(run),
      appendLedger: (run, lines) =>
        write(() => {
          check(() => invariants.ledger(store.ledgerTail(run), lines));
          store.appendLedger(run, lines);
        }),
      truncateLedger: (run, position) => write(() => store.truncateLedger(run, position)),
      ledgerTail: (run) => store.ledgerTail(run),
      close: () => undefined,
    };
  }

  /** Checkpoints as a process sees them that runs in `thread`. A file is there whole or not at all. */
  mountCheckpoints(thread: SimThread, writeMs: () => number): CoordinatorParts['checkpoints'] {
    return {
      read: async (run, position) => {
        await thread.compute(writeMs(), false);
        const bytes = this.#files.get(fileOf(run, position));
        if (bytes === undefined) throw new WeftError('not-found', `cannot read ${fileOf(run, position)}`);
        return bytes;
      },
      write: async (run, position, bytes) => {
        await thread.compute(writeMs(), false);
        const file = fileOf(run, position);
        this.#files.set(file, bytes.slice());
        for (const old of [...this.#files.keys()].sort().slice(0, -checkpointsKept)) this.#files.delete(old);
        return file;
      },
    };
  }

  close(): void {
    this.store.close();
  }
}

function fileOf(run: RunId, position: number): string {
  return `${run}/step-${String(position).padStart(9, '0')}`;
}
