/** What a trial's failure means: whether it says something about the trial, or about the machine that it ran on. */
import type { ErrorCode } from '@weft/core';

/** Whether a failed trial is tried again, and why, or why not. */
export interface FailureVerdict {
  readonly kind: 'retry' | 'excuse';
  readonly reason: string;
}

/** Would fail again in the same way, wherever it runs. */
const permanent: Readonly<Partial<Record<ErrorCode, string>>> = {
  'resource-exhausted': 'out of memory or disk at this size',
  'too-large': 'too large',
  'invalid-argument': 'its configuration is refused',
  incompatible: 'no trainer can compute it',
  cancelled: 'cancelled',
};

/**
 * Judges a failure after `attempts` attempts, of `maxAttempts`.
 *
 * A lost trainer, a broken connection or a bug may not come again, and the run goes on from its checkpoint; memory that
 * is not enough, and settings that are refused, come again. A trial that diverged has not failed: that is its result.
 */
export function judgeFailure(code: ErrorCode, message: string, attempts: number, maxAttempts: number): FailureVerdict {
  const cause = permanent[code];
  if (cause !== undefined) return { kind: 'excuse', reason: `${cause}: ${message}` };
  const count = `attempt ${String(attempts)} of ${String(maxAttempts)} failed`;
  if (attempts < maxAttempts) return { kind: 'retry', reason: `${count}: ${message}` };
  return { kind: 'excuse', reason: `${count}, the last one: ${message}` };
}
