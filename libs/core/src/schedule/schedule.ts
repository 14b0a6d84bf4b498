/** How the learning rate follows the steps of a run, as data. It decides bits, so it is part of the run's configuration. */

/** What the rate does after the warm-up. */
export const decays = ['constant', 'linear', 'cosine', 'step', 'exponential'] as const;

export type Decay = (typeof decays)[number];

/** A linear warm-up, then a decay; `learningRateAt` has the formulas. */
export interface Schedule {
  readonly decay: Decay;
  /** Length of the warm-up: so many steps and so many epochs together; one of them is 0. */
  readonly warmupSteps: number;
  readonly warmupEpochs: number;
  /** A share of the base rate, 0 to 1: `linear` and `cosine` end there, `step` and `exponential` go no lower. */
  readonly floor: number;
  /** `step`, `exponential`: the rate is multiplied by `factor` in every `decayEpochs` epochs. */
  readonly factor: number;
  readonly decayEpochs: number;
}
