/** Which epochs a pruner looks at that does so at regular intervals. */
export interface VerdictInterval {
  /** No trial is stopped after an epoch up to this one. */
  readonly warmupEpochs: number;
  readonly interval: number;
}

/** Whether there is a verdict after `epoch`: after the first one that is not warm-up, and then each `interval` epochs. */
export function isDue(epoch: number, { warmupEpochs, interval }: VerdictInterval): boolean {
  return epoch > warmupEpochs && (epoch - warmupEpochs - 1) % interval === 0;
}
