/**
 * Writes the ledger of one run, in batches: lines after the last checkpoint are worthless after a crash, since their steps are done
 * again, so they need not be on disk before the checkpoint is.
 */
import { ledgerLink, ledgerOrigin, ledgerText, type LedgerLine, type RunId } from '@weft/core';
import { hash } from 'node:crypto';
import type { ChainedLine, RunStore } from '@weft/store';

const batchLines = 512;

export class LedgerRecorder {
  readonly #store: RunStore;
  readonly #runId: RunId;
  #pending: ChainedLine[] = [];
  #digest: string;

  /** Goes on after the lines before `position`; lines from there on are removed. */
  constructor(store: RunStore, runId: RunId, position: number) {
    this.#store = store;
    this.#runId = runId;
    store.truncateLedger(runId, position);
    this.#digest = store.ledgerTail(runId)?.digest ?? ledgerOrigin;
  }

  /** Digest of the last line. */
  get digest(): string {
    return this.#digest;
  }

  append(line: LedgerLine): void {
    const text = ledgerText(line);
    this.#digest = hash('sha256', ledgerLink(this.#digest, text), 'hex');
    this.#pending.push({ position: line.position, text, digest: this.#digest });
    if (this.#pending.length >= batchLines) this.flush();
  }

  /** Puts everything on disk. */
  flush(): void {
    if (this.#pending.length === 0) return;
    this.#store.appendLedger(this.#runId, this.#pending);
    this.#pending = [];
  }

  /** Forgets the lines from `position` on. */
  rollBack(position: number): void {
    this.flush();
    this.#store.truncateLedger(this.#runId, position);
    this.#digest = this.#store.ledgerTail(this.#runId)?.digest ?? ledgerOrigin;
  }
}
