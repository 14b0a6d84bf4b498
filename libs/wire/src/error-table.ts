/**
 * One table from failure codes to gRPC statuses and to exit codes of the command line, and the two translations that read it.
 *
 * Every code has a status and an exit code of its own, so a failure keeps its meaning across a wire and a process. The exact
 * code also travels as metadata, because statuses that gRPC makes by itself use the same numbers.
 */
import { Metadata, status as grpcStatus, type StatusObject } from '@grpc/grpc-js';
import { describeError, errorCodes, WeftError, type ErrorCode } from '@weft/core';

/** What a failure code becomes outside the process. */
export interface ErrorMapping {
  /** gRPC status number. */
  readonly grpcStatus: grpcStatus;
  /** Exit code of the `weft` command. */
  readonly exitCode: number;
}

/** The mapping of each failure code. Exit codes 124 and 130 are those of `timeout` and of a shell after Ctrl-C. */
export const errorTable: Readonly<Record<ErrorCode, ErrorMapping>> = {
  internal: { grpcStatus: grpcStatus.INTERNAL, exitCode: 1 },
  'invalid-argument': { grpcStatus: grpcStatus.INVALID_ARGUMENT, exitCode: 2 },
  'not-found': { grpcStatus: grpcStatus.NOT_FOUND, exitCode: 3 },
  'already-exists': { grpcStatus: grpcStatus.ALREADY_EXISTS, exitCode: 4 },
  'precondition-failed': { grpcStatus: grpcStatus.FAILED_PRECONDITION, exitCode: 5 },
  incompatible: { grpcStatus: grpcStatus.UNIMPLEMENTED, exitCode: 6 },
  corrupt: { grpcStatus: grpcStatus.DATA_LOSS, exitCode: 7 },
  'too-large': { grpcStatus: grpcStatus.OUT_OF_RANGE, exitCode: 8 },
  'resource-exhausted': { grpcStatus: grpcStatus.RESOURCE_EXHAUSTED, exitCode: 9 },
  unavailable: { grpcStatus: grpcStatus.UNAVAILABLE, exitCode: 10 },
  timeout: { grpcStatus: grpcStatus.DEADLINE_EXCEEDED, exitCode: 124 },
  cancelled: { grpcStatus: grpcStatus.CANCELLED, exitCode: 130 },
};

/** Statuses that no code of ours maps to, and what they mean to us. */
const foreignStatuses: ReadonlyMap<grpcStatus, ErrorCode> = new Map<grpcStatus, ErrorCode>([
  [grpcStatus.UNKNOWN, 'internal'],
  [grpcStatus.PERMISSION_DENIED, 'precondition-failed'],
  [grpcStatus.UNAUTHENTICATED, 'precondition-failed'],
  [grpcStatus.ABORTED, 'unavailable'],
]);

/** Metadata key under which the exact code travels. */
export const errorCodeKey = 'weft-code';

/** Characters of a message that are sent: percent-encoded they must fit into one HTTP/2 header block. */
const maxStatusCharacters = 4096;

/** A gRPC status as grpc-js wants it from a handler. */
export type FailureStatus = Pick<StatusObject, 'code' | 'details' | 'metadata'>;

/** The exit code of the command line for anything that was thrown; 1 for what is no `WeftError`. */
export function exitCodeOf(thrown: unknown): number {
  return errorTable[thrown instanceof WeftError ? thrown.code : 'internal'].exitCode;
}

/**
 * The gRPC status for anything that was thrown, with the messages of its causes. What is no `WeftError` is a bug and becomes
 * `internal`. Messages are cut at 4096 characters.
 */
export function toStatus(thrown: unknown): FailureStatus {
  const code = thrown instanceof WeftError ? thrown.code : 'internal';
  const metadata = new Metadata();
  metadata.set(errorCodeKey, code);
  const text = describeError(thrown).toWellFormed();
  const details =
    text.length > maxStatusCharacters ? `${text.slice(0, maxStatusCharacters - 1).toWellFormed()}…` : text;
  return { code: errorTable[code].grpcStatus, details, metadata };
}

/** The error that a gRPC status stands for. `action` says what failed, as in `GetRun at 127.0.0.1:7070`. */
export function fromStatus(
  status: Pick<StatusObject, 'code' | 'details'> & { metadata?: Metadata },
  action: string,
): WeftError {
  const sent = status.metadata?.get(errorCodeKey)[0];
  const code = errorCodes.find((candidate) => candidate === sent);
  if (code !== undefined) return new WeftError(code, status.details);
  return new WeftError(codeOfForeignStatus(status.code, status.details), `${action} failed: ${status.details}`);
}

/** The code for a status that gRPC or another program made. */
function codeOfForeignStatus(number: grpcStatus, details: string): ErrorCode {
  // grpc-js reports a message over the receive or send limit so; an exhausted peer says something else.
  if (number === grpcStatus.RESOURCE_EXHAUSTED && details.includes('larger than')) return 'too-large';
  const known = errorCodes.find((candidate) => errorTable[candidate].grpcStatus === number);
  return known ?? foreignStatuses.get(number) ?? 'internal';
}
