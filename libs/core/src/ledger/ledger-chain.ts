/**
 * The chain that binds the lines of a ledger: the digest of a line covers the digest of the line before, and the first one that of
 * the run's configuration, so that nothing can be taken out, put in, changed or moved to another run without a trace.
 *
 * Texts to digest come out; SHA-256 itself is the caller's.
 */

/** Changes with the text of a line or the rule of the chain, so that a ledger is read by the rules that it was written by. */
const version = 'weft-ledger-2';

/** SHA-256 of a text (as UTF-8) or of bytes, hexadecimal. */
export type Sha256 = (content: string | Uint8Array) => string;

/** The text whose SHA-256 stands before the first line of a run with this configuration. */
export function ledgerOrigin(configurationDigest: string): string {
  return `${version}\n${configurationDigest}`;
}

/** The text whose SHA-256 is the digest of a line, given the digest of the line before it. */
export function ledgerLink(previousDigest: string, lineText: string): string {
  return `${previousDigest}\n${lineText}`;
}
