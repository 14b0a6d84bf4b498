/**
 * What outlives a simulated coordinator: the real store, in memory, and checkpoint files that take time to be written.
 *
 * A write happens whole or not at all: that is what SQLite and the renaming of a finished file give. The process may die before or
 * after any of them, the disk may refuse them, and what was written may be found damaged.
 */
import type { CoordinatorParts } from '@weft/coordinator';
import { WeftError, type RunId } from '@weft/core';
import type { SimThread } from '@weft/sim';
import { openSqliteRunStore, type RunStore, type StoredRun } from '@weft/store';
import { hash } from 'node:crypto';
import type { Invariants } from './invariants.ts';
import { simulatedRun } from './simulated-run.ts';

const checkpointsKept = 2;

/** Methods of the store that change nothing on disk. */
const reads: readonly string[] = [
  'find',
  'all',
  'single',
  'inState',
  'countByState',
  'lastIds',
  'submitted',
  'epochs',
  'checkpoints',
  'ledgerLines',
  'ledgerTail',
  'close',
] satisfies (keyof RunStore)[];

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
  /** The run as of its last change; `undefined` before it was submitted. */
  run: StoredRun | undefined;
  readonly #invariants: Invariants;
  readonly #guard: (check: () => void) => void;
  /** Of each run, by position. */
  readonly #files = new Map<RunId, Map<number, Uint8Array>>();
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

  /** Damages what was written last: the newest checkpoint file, or the last line of the ledger. */
  damage(what: 'checkpoint' | 'ledger'): void {
    this.#invariants.isDamaged = true;
    const files = this.#filesOf(simulatedRun);
    const newest = Math.max(...files.keys());
    if (what === 'checkpoint') files.get(newest)?.fill(0xff, 0, 4);
    const tail = this.store.ledgerTail(simulatedRun);
    if (what === 'checkpoint' || tail === undefined) return;
    this.store.truncateLedger(simulatedRun, tail.position);
    this.store.appendLedger(simulatedRun, [{ ...tail, text: `${tail.text} torn` }]);
  }

  /** The store as a process sees it that runs in `thread`: what it does once it is dead does not happen. */
  mountStore(thread: SimThread): RunStore {
    const { store } = this;
    const mounted: RunStore = {
      ...store,
      close: () => undefined,
      update: (run, change) => {
        const { generation } = change;
        if (generation !== undefined && !thread.isDead)
          this.#check(run, () => this.#invariants.stored(BigInt(generation)));
        store.update(run, change);
      },
      recordEpoch: (run, epoch, checkpoint) => {
        this.#check(run, () => this.#invariants.epoch(epoch, checkpoint));
        store.recordEpoch(run, epoch, checkpoint);
      },
      goBack: (run, way) => {
        this.#check(run, () => this.#invariants.wentBack(way.remark));
        store.goBack(run, way);
      },
      truncateLedger: (run, position) => {
        if (run === simulatedRun) this.#invariants.rolledBack();
        store.truncateLedger(run, position);
      },
      appendLedger: (run, lines) => {
        this.#check(run, () => this.#invariants.ledger(store.ledgerTail(run), lines));
        store.appendLedger(run, lines);
      },
    };
    return new Proxy(mounted, {
      get: (target, name, receiver) => {
        const method: unknown = Reflect.get(target, name, receiver);
        if (typeof method !== 'function' || reads.includes(String(name))) return method;
        return (...parameters: readonly unknown[]): unknown => {
          let answer: unknown;
          this.#write(thread, () => {
            answer = Reflect.apply(method, target, parameters);
            this.run = store.find(simulatedRun);
          });
          return answer;
        };
      },
    });
  }

  /** Checkpoints as a process sees them that runs in `thread` and has mounted `store`, written in the order of the real ones. */
  mountCheckpoints(thread: SimThread, store: RunStore, takesMs: () => number): CoordinatorParts['checkpoints'] {
    return {
      read: async (run, position) => {
        await thread.compute(takesMs(), false);
        const recorded = store.checkpoints(run).find((checkpoint) => checkpoint.position === position);
        const bytes = this.#filesOf(run).get(position);
        if (recorded === undefined || bytes === undefined) {
          throw new WeftError('not-found', `cannot read the checkpoint at ${String(position)}`);
        }
        if (digestOf(bytes) === recorded.digest) return bytes;
        throw new WeftError('corrupt', `the checkpoint at ${String(position)} is damaged`);
      },
      write: async (run, position, bytes) => {
        await thread.compute(takesMs(), false);
        const files = this.#filesOf(run);
        this.#write(thread, () => files.set(position, bytes.slice()));
        const older = store.checkpoints(run).filter((recorded) => recorded.position < position);
        const kept = [...older.map((recorded) => recorded.position), position].slice(-checkpointsKept);
        store.recordCheckpoint(run, { position, digest: digestOf(bytes) }, kept[0] ?? position);
        this.#write(thread, () => {
          for (const old of [...files.keys()].filter((file) => !kept.includes(file))) files.delete(old);
        });
        return `checkpoint ${String(position)}`;
      },
    };
  }

  #filesOf(run: RunId): Map<number, Uint8Array> {
    const files = this.#files.get(run) ?? new Map<number, Uint8Array>();
    this.#files.set(run, files);
    return files;
  }

  /** Checks what happens to the run that is watched. */
  #check(run: RunId, check: () => void): void {
    if (run === simulatedRun) this.#guard(check);
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

function digestOf(bytes: Uint8Array): string {
  return hash('sha256', bytes, 'hex');
}
