/**
 * Shares of the work by measured speed: which chunks a trainer computes never changes what comes out, only when.
 *
 * A division that is little better is not worth the pause that it takes, and speeds that were measured are never exact.
 */
import { assignChunks } from '../batch-plan.ts';

/** Finest share: speeds are told apart to a hundredth of the fastest. */
const finest = 100;
/** A new division of the work must promise to save at least this part of the step's compute time, and so many seconds. */
const worthwhile = 0.1;
const worthwhileSeconds = 0.0005;

/**
 * A positive integer for each rank, in proportion to its speed. `secondsPerChunk` is measured; a rank without a measurement
 * (`undefined`) counts as the mean of the others.
 */
export function sharesBySpeed(secondsPerChunk: readonly (number | undefined)[]): number[] {
  const speeds = secondsPerChunk.map((seconds) => (seconds === undefined || seconds <= 0 ? undefined : 1 / seconds));
  const known = speeds.filter((speed) => speed !== undefined);
  if (known.length === 0) return speeds.map(() => 1);
  const mean = known.reduce((sum, speed) => sum + speed, 0) / known.length;
  const top = Math.max(...known, mean);
  return speeds.map((speed) => Math.max(1, Math.round(((speed ?? mean) / top) * finest)));
}

/** The compute time of a step whose `chunkCount` chunks are divided by `shares`: that of the slowest rank. */
export function stepSeconds(
  chunkCount: number,
  shares: readonly number[],
  secondsPerChunk: readonly (number | undefined)[],
): number {
  const known = secondsPerChunk.filter((seconds) => seconds !== undefined);
  const mean = known.reduce((sum, seconds) => sum + seconds, 0) / Math.max(1, known.length);
  const ranges = assignChunks(chunkCount, shares);
  return Math.max(0, ...ranges.map(({ first, end }, rank) => (end - first) * (secondsPerChunk[rank] ?? mean)));
}

/** Better shares than `shares`, or `undefined` where no others save enough. A rank without a measurement counts as the mean. */
export function rebalance(
  chunkCount: number,
  shares: readonly number[],
  secondsPerChunk: readonly (number | undefined)[],
): number[] | undefined {
  const better = sharesBySpeed(secondsPerChunk);
  const now = stepSeconds(chunkCount, shares, secondsPerChunk);
  const saved = now - stepSeconds(chunkCount, better, secondsPerChunk);
  return saved > now * worthwhile && saved > worthwhileSeconds ? better : undefined;
}
