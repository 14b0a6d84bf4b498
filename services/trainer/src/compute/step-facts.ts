/**
 * What a gang's steps came to, kept until the gang ends: whoever is asked where it stands must be able to tell of every step that the
 * coordinator may not know of.
 *
 * An epoch may have a million steps. An object for each, with its digest, outlives several collections of the young generation, so that
 * the heap fills with old garbage epoch after epoch. Here a step is 48 bytes in buffers that the next gang uses again.
 */
import { invariant, type NonFinite } from '@weft/core';
import type { CommittedStepReport } from './commands.ts';

const digestBytes = 32;
const firstCapacity = 512;

export class StepFacts {
  #losses = new Float64Array(firstCapacity);
  #correct = new Float64Array(firstCapacity);
  #digests = new Uint8Array(firstCapacity * digestBytes);
  #first = 0;
  #count = 0;
  /** Of the last step, where that is not finite: no other follows it. */
  #nonFinite: NonFinite | undefined;

  /** Position after the last step; 0 where there is none. */
  get end(): number {
    return this.#first + this.#count;
  }

  clear(): void {
    this.#first = 0;
    this.#count = 0;
    this.#nonFinite = undefined;
  }

  /** Adds a step; its position is the one after the last step's. Its digest is copied. */
  add({ position, loss, correct, gradientDigest, nonFinite }: CommittedStepReport): void {
    if (this.#count === 0) this.#first = position;
    invariant(position === this.end && this.#nonFinite === undefined, 'steps of a gang follow each other');
    invariant(gradientDigest.length === digestBytes, 'the digest of a step is a SHA-256');
    if (this.#count === this.#losses.length) this.#grow();
    this.#losses[this.#count] = loss;
    this.#correct[this.#count] = correct;
    this.#digests.set(gradientDigest, this.#count * digestBytes);
    this.#nonFinite = nonFinite;
    this.#count++;
  }

  /** The steps from `position` on, in order; the caller's own. */
  since(position: number): CommittedStepReport[] {
    const steps: CommittedStepReport[] = [];
    for (let at = Math.max(0, position - this.#first); at < this.#count; at++) steps.push(this.#stepAt(at));
    return steps;
  }

  #stepAt(at: number): CommittedStepReport {
    const nonFinite = at === this.#count - 1 ? this.#nonFinite : undefined;
    return {
      position: this.#first + at,
      loss: this.#losses[at] ?? NaN,
      correct: this.#correct[at] ?? NaN,
      gradientDigest: this.#digests.slice(at * digestBytes, (at + 1) * digestBytes),
      ...(nonFinite === undefined ? {} : { nonFinite }),
    };
  }

  #grow(): void {
    const capacity = 2 * this.#losses.length;
    const [losses, correct, digests] = [this.#losses, this.#correct, this.#digests];
    this.#losses = new Float64Array(capacity);
    this.#losses.set(losses);
    this.#correct = new Float64Array(capacity);
    this.#correct.set(correct);
    this.#digests = new Uint8Array(capacity * digestBytes);
    this.#digests.set(digests);
  }
}
