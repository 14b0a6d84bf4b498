/** Whether a run that no longer becomes better ends before its last epoch, decided from the exact results of its epochs. */

/** What can be watched; of the first and the third less is better. */
export const monitors = ['validation-loss', 'validation-accuracy', 'loss', 'accuracy'] as const;

export type Monitor = (typeof monitors)[number];

/** When a run ends early. Part of its configuration: it decides how long it trains. */
export interface EarlyStopping {
  readonly monitor: Monitor;
  /** So many epochs in a row without an improvement end the run. */
  readonly patience: number;
  /** What does not improve the best by more than this is no improvement. */
  readonly minDelta: number;
}

/** Means over the examples of an epoch that is over. */
export interface EpochMeans {
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
}

/**
 * Follows the epochs of one run, as `EarlyStopping` of Keras 3 does: the first epoch is always an improvement, unless what is
 * watched is not a number. Given the same epochs in the same order it stops after the same one, whoever asks.
 */
export class Patience {
  readonly #rule: EarlyStopping | undefined;
  #epoch = 0;
  #best: number | undefined;
  #bestEpoch = 0;
  #reason: string | undefined;

  /** Without a rule it never ends. */
  constructor(rule: EarlyStopping | undefined, epochs: readonly EpochMeans[] = []) {
    this.#rule = rule;
    for (const epoch of epochs) this.take(epoch);
  }

  /** Why the run ends after the epoch taken last, for people; `undefined` while it goes on. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Takes the next epoch. After the end, nothing changes. */
  take(means: EpochMeans): void {
    if (this.#rule === undefined || this.#reason !== undefined) return;
    const { monitor, patience, minDelta } = this.#rule;
    this.#epoch++;
    const value = valueOf(monitor, means);
    if (improves(monitor, value, this.#best, minDelta)) {
      this.#best = value;
      this.#bestEpoch = this.#epoch;
    } else if (this.#epoch - this.#bestEpoch >= patience) {
      const improvement = minDelta === 0 ? 'improved' : `improved by more than ${String(minDelta)}`;
      const since = this.#bestEpoch === 0 ? 'been a number' : `${improvement} since epoch ${String(this.#bestEpoch)}`;
      this.#reason = `stopped early after epoch ${String(this.#epoch)}: ${monitor} has not ${since}`;
    }
  }
}

function valueOf(monitor: Monitor, means: EpochMeans): number {
  switch (monitor) {
    case 'validation-loss':
      return means.validationLoss;
    case 'validation-accuracy':
      return means.validationAccuracy;
    case 'loss':
      return means.loss;
    case 'accuracy':
      return means.accuracy;
  }
}

/** What is not a number improves nothing. */
function improves(monitor: Monitor, value: number, best: number | undefined, minDelta: number): boolean {
  if (best === undefined) return !Number.isNaN(value);
  const lessIsBetter = monitor === 'loss' || monitor === 'validation-loss';
  return lessIsBetter ? value + minDelta < best : value - minDelta > best;
}
