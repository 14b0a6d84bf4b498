/** Who has fallen silent. */
import type { TrainerId } from './id.ts';

/** The trainers last heard of more than `timeoutMs` before `nowMs` (milliseconds of one monotonic clock), sorted. */
export function silentTrainers(
  lastHeardMs: ReadonlyMap<TrainerId, number>,
  nowMs: number,
  timeoutMs: number,
): TrainerId[] {
  return [...lastHeardMs]
    .filter(([, heardMs]) => nowMs - heardMs > timeoutMs)
    .map(([trainer]) => trainer)
    .sort();
}
