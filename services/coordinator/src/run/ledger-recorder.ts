/**
 * Writes the ledger of one run, in batches: lines after the last checkpoint are worthless after a crash, since their steps are done
 * again, so they need not be on disk before the checkpoint is.
 */
import {
  EpochSamples,
  invariant,
  ledgerLink,
  ledgerOrigin,
  ledgerText,
  stepAt,
  type ChainedLine,
  type RecordedStep,
  type RunPlan,
} from '@weft/core';
import type { RunStore, StoredRun } from '@weft/store';
import { configurationDigest, runAssignmentOf } from '@weft/wire';
import { hash } from 'node:crypto';

const batchLines = 512;

export class LedgerRecorder {
  readonly #store: RunStore;
  readonly #run: StoredRun;
  readonly #plan: RunPlan;
  readonly #samples: EpochSamples;
  readonly #origin: string;
  #pending: ChainedLine[] = [];
  #digest: string;
  #next: number;

  /** Goes on after the lines before `position`; lines from there on are removed. */
  constructor(store: RunStore, run: StoredRun, position: number) {
    const assignment = runAssignmentOf(run.runId, run.configuration);
    this.#store = store;
    this.#run = run;
    this.#plan = assignment.plan;
    this.#samples = new EpochSamples(assignment.plan.batch, assignment.seed, sha256);
    this.#origin = sha256(ledgerOrigin(configurationDigest(assignment)));
    this.#digest = this.#origin;
    this.#next = position;
    this.rollBack(position);
  }

  /** Digest of the last line. */
  get digest(): string {
    return this.#digest;
  }

  /** Steps come in their order, each once: whatever else is a bug, and would break the chain. */
  append({ position, generation, assignments, loss, correct, gradientDigest }: RecordedStep): void {
    invariant(position === this.#next, `position ${String(position)} is recorded, ${String(this.#next)} comes next`);
    this.#next++;
    const { epoch, step } = stepAt(this.#plan, position);
    const samplesDigest = this.#samples.digestOf(epoch, step);
    const text = ledgerText({
      ...{ position, epoch, step, generation, assignments, samplesDigest },
      ...{ lossSum: loss, correctCount: correct, gradientDigest },
    });
    this.#digest = sha256(ledgerLink(this.#digest, text));
    this.#pending.push({ position, text, digest: this.#digest });
    if (this.#pending.length >= batchLines) this.flush();
  }

  /** Puts everything on disk. */
  flush(): void {
    if (this.#pending.length === 0) return;
    this.#store.appendLedger(this.#run.runId, this.#pending);
    this.#pending = [];
  }

  /** Forgets the lines from `position` on. */
  rollBack(position: number): void {
    this.flush();
    this.#store.truncateLedger(this.#run.runId, position);
    this.#next = position;
    this.#digest = this.#store.ledgerTail(this.#run.runId)?.digest ?? this.#origin;
  }
}

function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}
