/** Coefficients that depend on the number of the step, in float64 with exact operations only. */
import { integerPower } from '@weft/core';

/** The momentum of Nadam at one step and the products that correct its bias. */
export interface NadamMomentum {
  readonly current: number;
  readonly next: number;
  /** Product of the momenta of steps 1 up to this one. */
  readonly product: number;
}

/**
 * Keras's momentum schedule for Nadam: u_t = beta1 * (1 - 0.5 * 0.96^t), whose running product is part of the update.
 *
 * The product is recomputed from step 1 where steps are not asked for in order, so nothing of it needs to be in a snapshot.
 */
export class NadamSchedule {
  readonly #beta1: number;
  #step = 0;
  #product = 1;

  constructor(beta1: number) {
    this.#beta1 = beta1;
  }

  /** The momentum of step `step`, counted from 1. */
  at(step: number): NadamMomentum {
    if (step < this.#step) {
      this.#step = 0;
      this.#product = 1;
    }
    while (this.#step < step) {
      this.#step++;
      this.#product *= this.#momentum(this.#step);
    }
    return { current: this.#momentum(step), next: this.#momentum(step + 1), product: this.#product };
  }

  #momentum(step: number): number {
    return this.#beta1 * (1 - 0.5 * integerPower(0.96, step));
  }
}
