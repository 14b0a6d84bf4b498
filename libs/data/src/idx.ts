/**
 * The IDX format of the MNIST family: two zero bytes, a type code, the number of dimensions, the dimensions as big-endian
 * unsigned 32-bit integers, then the values, row-major (http://yann.lecun.com/exdb/mnist/, "the IDX file format").
 *
 * Nothing in a header is believed before it is checked against the bytes that are there.
 */
import { WeftError } from '@weft/core';

/** An array of unsigned bytes with its dimensions. */
export interface IdxArray {
  readonly dimensions: readonly number[];
  /** A view of the file's bytes, of length product(dimensions). */
  readonly values: Uint8Array;
}

const unsignedByte = 0x08;
const typeNames = new Map([
  [0x08, 'unsigned byte'],
  [0x09, 'signed byte'],
  [0x0b, 'short'],
  [0x0c, 'int'],
  [0x0d, 'float'],
  [0x0e, 'double'],
]);
const maxDimensions = 4;

/**
 * Reads the IDX array that `bytes` holds; `file` is its name for messages. Throws 'corrupt', naming file, value and rule,
 * unless the header is that of an array of unsigned bytes with 1 to 4 dimensions and exactly its values follow.
 */
export function parseIdx(bytes: Uint8Array, file: string): IdxArray {
  const refuse = (found: string, rule: string): never => {
    throw new WeftError('corrupt', `${file}: ${found}; ${rule}. Replace the file by a good copy`);
  };
  if (bytes.length < 4) {
    refuse(`has ${String(bytes.length)} bytes`, 'an IDX file starts with a header of at least 4 bytes');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0) !== 0) {
    refuse(`starts with the bytes ${hex(view.getUint8(0))} ${hex(view.getUint8(1))}`, 'an IDX file starts with 00 00');
  }
  const type = view.getUint8(2);
  if (type !== unsignedByte) {
    const meaning = typeNames.get(type) ?? 'no type of the format';
    refuse(`has type code ${hex(type)} (${meaning})`, 'only 08 (unsigned byte) is read');
  }
  const rank = view.getUint8(3);
  if (rank < 1 || rank > maxDimensions) {
    refuse(`has ${String(rank)} dimensions`, `1 to ${String(maxDimensions)} dimensions are read`);
  }
  const headerBytes = 4 + 4 * rank;
  if (bytes.length < headerBytes) {
    refuse(
      `ends after ${String(bytes.length)} bytes, within its header`,
      `a header of ${String(rank)} dimensions has ${String(headerBytes)} bytes`,
    );
  }
  const dimensions = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = dimensions.reduce((product, dimension) => product * dimension, 1);
  const actual = bytes.length - headerBytes;
  if (actual !== expected) {
    const shape = dimensions.join(' x ');
    const what = actual < expected ? 'truncated: has' : 'has trailing bytes:';
    refuse(`${what} ${String(actual)} bytes of values`, `its header says ${shape} = ${String(expected)}`);
  }
  return { dimensions, values: bytes.subarray(headerBytes) };
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
