/** Takes the gzip envelope off a file's bytes, if it has one. */
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { describeError, WeftError } from '@weft/core';

const gunzipAsync = promisify(gunzip);

/** The most that a data file may inflate to: twenty times the largest file of the MNIST family. */
const maxInflatedBytes = 1024 ** 3;

/** The most that is set aside because a file says so. Memory that is not written is not taken. */
const maxPieceBytes = 256 * 1024 ** 2;

/**
 * How much to set aside at a time: all that the file says it inflates to (the last four bytes, RFC 1952), so that nothing is put
 * together from pieces, which would take twice the memory. A file that lies is put together from pieces.
 */
function pieceBytes(bytes: Uint8Array, maxBytes: number): number {
  const end = bytes.subarray(-4);
  if (end.length < 4) return 64;
  const said = new DataView(end.buffer, end.byteOffset, 4).getUint32(0, true);
  // One more, so that the end is seen before the piece is full.
  return Math.max(64, Math.min(said + 1, maxBytes, maxPieceBytes));
}

/**
 * The content of `bytes`: inflated if they start as a gzip file does, else `bytes` themselves. `file` is their name for
 * messages. Throws 'corrupt' where the envelope is damaged, cut off, or inflates to more than `maxBytes`.
 */
export async function inflate(
  bytes: Uint8Array,
  file: string,
  maxBytes: number = maxInflatedBytes,
): Promise<Uint8Array> {
  const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!compressed) return bytes;
  try {
    return await gunzipAsync(bytes, { maxOutputLength: maxBytes, chunkSize: pieceBytes(bytes, maxBytes) });
  } catch (error) {
    throw new WeftError(
      'corrupt',
      `${file}: cannot be decompressed (${describeError(error)}); a gzip file is whole and inflates to at most ` +
        `${String(maxBytes)} bytes. Replace the file by a good copy`,
      { cause: error },
    );
  }
}
