/**
 * What outlives a simulated coordinator: the real store, in memory, and checkpoints that take time to be written.
 *
 * A write happens whole or not at all: that is what SQLite and the renaming of a finished file give. The process may die before or
 * after any of them, and the disk may refuse them.
 */
import type { CoordinatorParts } from '@weft/coordinator';
import { WeftError, type RunId } from '@weft/core';
import type { SimThread } from '@weft/sim';
import { openSqliteRunStore, type RunStore, type StoredRun } from '@weft/store';
import type { Invariants } from './invariants.ts';

const checkpointsKept = 2;

/** What is to happen at a write. */
interface PendingCrash {
  remaining: number;
  readonly when: 'before' | 'after';
  readonly crash: () => void;
}

export class SimulatedDisk {
  /** As it is on disk; no simulated process owns it. */
  readonly store: RunStore = openSqliteRunStore(':memory:');
  /** Why writes are refused now, if they are. */
  refusal: 'full' | 'broken' | undefined;
  /** The run as of its last change of state or reason; `undefined` before it was submitted. */
  run: StoredRun | undefined;
  readonly #invariants: Invariants;
  readonly #guard: (check: () => void) => void;
  readonly #files = new Map<string, Uint8Array>();
  readonly #crashes: PendingCrash[] = [];

  /** `guard` runs what may find a violation. */
  constructor(invariants: Invariants, guard: (check: () => void) => void) {
    this.#invariants = invariants;
    this.#guard = guard;
  }

  /** Calls `crash`, which must end the process that writes, before or after the `nth` write from now on. */
  crashAt(nth: number, when: 'before' | 'after', crash: () => void): void {
    this.#crashes.push({ remaining: nth, when, crash });
  }

  /** The store as a process sees it that runs in `thread`: what it does once it is dead does not happen. */
  mountStore(thread: SimThread): RunStore {
    const { store } = this;
    const invariants = this.#invariants;
    const write = (action: () => void): void => {
      this.#write(thread, action);
    };
    return {
      insert: (run) =>
        write(() => {
          store.insert(run);
          this.#look(run.runId);
        }),
      update: (run, change) =>
        write(() => {
          const { generation } = change;
          if (generation !== undefined) this.#guard(() => invariants.stored(BigInt(generation)));
          store.update(run, change);
          this.#look(run);
        }),
      find: (run) => store.find(run),
      all: () => store.all(),
      recordEpoch: (run, epoch, checkpoint) =>
        write(() => {
          this.#guard(() => invariants.epoch(epoch, checkpoint));
          store.recordEpoch(run, epoch, checkpoint);
        }),
      epochs: (run, last) => store.epochs(run, last),
      recordCheckpoint: (run, checkpoint, oldestKept) =>
        write(() => store.recordCheckpoint(run, checkpoint, oldestKept)),
      checkpoints: (run) => store.checkpoints(run),
      goBack: (run, way) => write(() => store.goBack(run, way)),
      appendLedger: (run, lines) =>
        write(() => {
          this.#guard(() => invariants.ledger(store.ledgerTail(run), lines));
          store.appendLedger(run, lines);
        }),
      truncateLedger: (run, position) => write(() => store.truncateLedger(run, position)),
      ledgerLines: (run, first, limit) => store.ledgerLines(run, first, limit),
      ledgerTail: (run) => store.ledgerTail(run),
      close: () => undefined,
    };
  }

  /** Checkpoints as a process sees them that runs in `thread`. A file is there whole or not at all. */
  mountCheckpoints(thread: SimThread, takesMs: () => number): CoordinatorParts['checkpoints'] {
    return {
      read: async (run, position) => {
        await thread.compute(takesMs(), false);
        const bytes = this.#files.get(fileOf(run, position));
        if (bytes === undefined) throw new WeftError('not-found', `cannot read ${fileOf(run, position)}`);
        return bytes;
      },
      write: async (run, position, bytes) => {
        await thread.compute(takesMs(), false);
        const file = fileOf(run, position);
        this.#write(thread, () => {
          this.#files.set(file, bytes.slice());
        });
        const older = this.store.checkpoints(run).filter((recorded) => recorded.position < position);
        const kept = [...older.map((recorded) => recorded.position), position].slice(-checkpointsKept);
        this.#write(thread, () => {
          this.store.recordCheckpoint(run, { position, digest: '' }, kept[0] ?? position);
        });
        this.#write(thread, () => {
          const files = new Set(kept.map((at) => fileOf(run, at)));
          for (const old of this.#files.keys()) if (!files.has(old)) this.#files.delete(old);
        });
        return file;
      },
    };
  }

  #look(run: RunId): void {
    this.run = this.store.find(run);
  }

  close(): void {
    this.store.close();
  }

  #write(thread: SimThread, action: () => void): void {
    if (thread.isDead) return;
    if (this.refusal !== undefined) {
      const code = this.refusal === 'full' ? 'resource-exhausted' : 'unavailable';
      throw new WeftError(code, `the simulated disk is ${this.refusal}`);
    }
    for (const crash of this.#crashes) crash.remaining--;
    const due = this.#crashes.find(({ remaining }) => remaining === 0);
    if (due?.when === 'before') {
      due.crash();
      return;
    }
    action();
    due?.crash();
  }
}

function fileOf(run: RunId, position: number): string {
  return `${run}/step-${String(position).padStart(9, '0')}`;
}
