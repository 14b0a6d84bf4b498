/**
 * The two ways in which code stops: an invariant that does not hold (a bug; the process exits) and a `WeftError`
 * (the environment or the input is at fault; the message says what, which, why, and what to do).
 * Expected outcomes, such as a stale generation, are neither: they are returned as values.
 */

/** The closed list of failure codes. Retry policy, gRPC status and exit codes read the code, never the message. */
export const errorCodes = [
  'invalid-argument',
  'not-found',
  'already-exists',
  'precondition-failed',
  'incompatible',
  'corrupt',
  'too-large',
  'resource-exhausted',
  'unavailable',
  'timeout',
  'cancelled',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** A failure of the environment or of the input. The message names the thing, the value and the rule. */
export class WeftError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'WeftError';
    this.code = code;
  }
}

/** Throws when `condition` is false: the program is wrong, and going on would corrupt a result. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant violated: ${message}`);
}

/** The text of anything that was thrown, with the texts of its causes that it does not say already. */
export function describeError(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.cause === undefined) return thrown.message;
  const cause = describeError(thrown.cause);
  return thrown.message.includes(cause) ? thrown.message : `${thrown.message}: ${cause}`;
}
