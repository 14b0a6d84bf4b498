/**
 * The sums of the rounds of one step: vectors that trainers give while they compute it, added along the fixed tree as they
 * arrive. Which of them count, and when a round is over, is decided by the run's machine.
 */
import { addInPlace, invariant, TreeSum, WeftError, type TreeNode } from '@weft/core';
import type { RoundPartial } from '@weft/wire';

export class RoundSums {
  #sizes: readonly number[] = [];
  #incoming: Float32Array | undefined;
  #sum: TreeSum<Float32Array> | undefined;

  /** Elements of each round's vector. */
  set sizes(sizes: readonly number[]) {
    this.#sizes = sizes;
  }

  /** Where an incoming transfer goes, or what is wrong with its size. */
  begin({ round }: RoundPartial, totalBytes: number): Uint8Array | WeftError {
    const size = this.#sizes[round];
    const what = `for round ${String(round)} of a step ${String(totalBytes)} bytes were sent`;
    if (size === undefined) {
      return new WeftError('invalid-argument', `${what}; the run has ${String(this.#sizes.length)} rounds`);
    }
    if (totalBytes === size * 4) return new Uint8Array(totalBytes);
    return new WeftError(
      'invalid-argument',
      `${what}; it must have ${String(size * 4)} (${String(size)} float32 values)`,
    );
  }

  /** Holds what has arrived until it is accepted, or something else arrives. */
  take(bytes: Uint8Array): void {
    this.#incoming = new Float32Array(bytes.buffer as ArrayBuffer);
  }

  /** Adds what is held to the round in hand, of a step of `chunkCount` chunks. */
  accept(node: TreeNode, chunkCount: number): void {
    invariant(this.#incoming !== undefined, 'what is accepted has arrived');
    this.#sum ??= new TreeSum(chunkCount, addInPlace);
    this.#sum.give(node, this.#incoming);
    this.#incoming = undefined;
  }

  /** The sum of the round in hand, which is over. */
  finish(): Float32Array {
    invariant(this.#sum !== undefined, 'a round has partials');
    const { root } = this.#sum;
    this.#sum = undefined;
    return root;
  }

  /** Forgets the round in hand. */
  clear(): void {
    this.#incoming = undefined;
    this.#sum = undefined;
  }
}
