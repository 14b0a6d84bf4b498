/** Which examples the steps of an epoch take, as the ledger states them. */
import { examplesOfStep, type BatchPlan } from '../batch-plan.ts';
import { permutation } from '../permutation.ts';
import type { Sha256 } from './ledger-chain.ts';

/** Digests of the examples of steps, from plan, seed and epoch alone. Steps of one epoch in a row cost one permutation. */
export class EpochSamples {
  readonly #plan: BatchPlan;
  readonly #seed: number;
  readonly #sha256: Sha256;
  #order: { readonly epoch: number; readonly examples: Uint32Array } | undefined;

  constructor(plan: BatchPlan, seed: number, sha256: Sha256) {
    this.#plan = plan;
    this.#seed = seed;
    this.#sha256 = sha256;
  }

  /** The examples of `epoch` in the order in which steps take them; not to be written to. */
  orderOf(epoch: number): Uint32Array {
    if (this.#order?.epoch !== epoch) {
      this.#order = { epoch, examples: permutation(this.#seed, epoch, this.#plan.exampleCount) };
    }
    return this.#order.examples;
  }

  /** See `LedgerLine.samplesDigest`. */
  digestOf(epoch: number, step: number): string {
    const { first, end } = examplesOfStep(this.#plan, step);
    const examples = this.orderOf(epoch).subarray(first, end);
    return this.#sha256(new Uint8Array(examples.buffer, examples.byteOffset, examples.byteLength));
  }
}
