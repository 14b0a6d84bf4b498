/**
 * The digest by which the ledger knows the mean contribution of a step: SHA-256 over the SHA-256 of each piece. Pieces have a fixed
 * size, so that whoever owns a part of the contribution can digest its part, and the whole never has to be in one place.
 */
import { pieceElements } from '@weft/core';
import { hash } from 'node:crypto';

const digestBytes = 32;

/** SHA-256 of each piece of `values` (little-endian float32), one after the other; `values` begins at a piece. */
export function digestPieces(values: Float32Array): Uint8Array {
  const digests = new Uint8Array(Math.ceil(values.length / pieceElements) * digestBytes);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const pieceBytes = pieceElements * values.BYTES_PER_ELEMENT;
  for (let at = 0, piece = 0; at < bytes.length; at += pieceBytes, piece++) {
    digests.set(hash('sha256', bytes.subarray(at, at + pieceBytes), 'buffer'), piece * digestBytes);
  }
  return digests;
}

/** The digest of a contribution, given the digests of all its pieces. */
export function contributionDigest(pieceDigests: Uint8Array): Buffer {
  return hash('sha256', pieceDigests, 'buffer');
}
