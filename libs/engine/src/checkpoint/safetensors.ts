/**
 * The safetensors format: eight bytes with the length of a JSON header, the header, the tensors' bytes.
 * See https://huggingface.co/docs/safetensors: "metadata parsing", "format".
 */
import { describeError, WeftError } from '@weft/core';

/** One tensor of a file. Offsets are in bytes from the end of the header. */
export interface TensorEntry {
  readonly dtype: 'F32' | 'U64';
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** What a file's header says. */
export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  /** Free texts under `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>;
}

const lengthBytes = 8;
const maxHeaderBytes = 16 * 1024 * 1024;
const alignment = 64;

/** The bytes that precede the data: length and header, padded with spaces so that the data start at a multiple of 64. */
export function encodeHeader(header: SafetensorsHeader): Uint8Array {
  const json: Record<string, unknown> = { __metadata__: header.metadata };
  for (const [name, { dtype, shape, begin, end }] of header.tensors) {
    json[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  const text = new TextEncoder().encode(JSON.stringify(json));
  const total = Math.ceil((lengthBytes + text.length) / alignment) * alignment;
  const bytes = new Uint8Array(total).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(total - lengthBytes), true);
  bytes.set(text, lengthBytes);
  return bytes;
}

/** Reads the header of a file and where its data begin. Throws 'corrupt' with what is wrong. */
export function decodeHeader(file: Uint8Array): { readonly header: SafetensorsHeader; readonly dataOffset: number } {
  if (file.length < lengthBytes) throw corrupt(`it has ${String(file.length)} bytes, a header alone takes more`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > maxHeaderBytes || lengthBytes + headerBytes > file.length) {
    throw corrupt(`its header claims ${String(headerBytes)} bytes of ${String(file.length)}`);
  }
  const dataOffset = lengthBytes + headerBytes;
  // A copy: text cannot be decoded from shared memory.
  const text = new TextDecoder().decode(file.slice(lengthBytes, dataOffset));
  const header = parse(text);
  for (const [name, { begin, end }] of header.tensors) {
    if (begin < 0 || end < begin || dataOffset + end > file.length) {
      const range = `[${String(begin)}, ${String(end)})`;
      throw corrupt(`tensor ${name} lies at ${range} of ${String(file.length - dataOffset)} data bytes`);
    }
  }
  return { header, dataOffset };
}

function parse(text: string): SafetensorsHeader {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw corrupt(`its header is not JSON: ${describeError(cause)}`);
  }
  if (!isRecord(json)) throw corrupt('its header is not an object');
  const tensors = new Map<string, TensorEntry>();
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(json)) {
    if (name === '__metadata__' && isRecord(value)) {
      metadata = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
    } else tensors.set(name, entryOf(name, value));
  }
  return { tensors, metadata };
}

function entryOf(name: string, value: unknown): TensorEntry {
  if (!isRecord(value)) throw corrupt(`tensor ${name} has no description`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (dtype !== 'F32' && dtype !== 'U64') throw corrupt(`tensor ${name} has type ${String(dtype)}, not F32 or U64`);
  if (!isNumbers(shape) || !isNumbers(offsets)) throw corrupt(`tensor ${name} has no shape or no offsets`);
  const [begin = -1, end = -1] = offsets;
  return { dtype, shape, begin, end };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item));
}

function corrupt(problem: string): WeftError {
  return new WeftError('corrupt', `not a whole safetensors file: ${problem}`);
}
