import type { ReportedEpoch } from '../input/reported-trial.ts';
import { absent } from './figure-text.ts';

/** World sizes over epochs: `2`, `1 to 4`. */
export function trainersText(epochs: readonly ReportedEpoch[]): string {
  if (epochs.length === 0) return absent;
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const { trainers } of epochs) [low, high] = [Math.min(low, trainers), Math.max(high, trainers)];
  return low === high ? String(low) : `${String(low)} to ${String(high)}`;
}
