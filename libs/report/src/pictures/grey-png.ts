/** A picture of grey bytes as a PNG file, for pages. Small pictures: nothing is compressed, so equal pixels give equal bytes anywhere. */
import { invariant } from '@weft/core';
/** One byte a pixel, row by row; 0 is black. */
export interface GreyPicture {
  /** Length `width * height`. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
/** Most bytes of a block of DEFLATE that is stored as it is. */
const blockBytes = 65_535;

/** The file (W3C PNG, 8 bits of grey, no filter). */
export function greyPng({ pixels, width, height }: GreyPicture): Uint8Array {
  invariant(
    pixels.length === width * height,
    `pixels: ${String(pixels.length)} bytes, must be ${String(width)} x ${String(height)} = ${String(width * height)}`,
  );
  const rows = new Uint8Array((width + 1) * height);
  for (let y = 0; y < height; y++) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = join([bigEndian(width), bigEndian(height), Uint8Array.of(8, 0, 0, 0, 0)]);
  return join([signature, chunk('IHDR', header), chunk('IDAT', stored(rows)), chunk('IEND', new Uint8Array())]);
}

/** A zlib stream (RFC 1950) of stored blocks (RFC 1951). */
function stored(bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let from = 0; from < bytes.length; from += blockBytes) {
    const block = bytes.subarray(from, from + blockBytes);
    const { length } = block;
    const last = from + length === bytes.length ? 1 : 0;
    parts.push(Uint8Array.of(last, length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff), block);
  }
  return join([...parts, bigEndian(adler32(bytes))]);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const named = join([new TextEncoder().encode(type), content]);
  return join([bigEndian(content.length), named, bigEndian(crc32(named))]);
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return ((b << 16) | a) >>> 0;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

function bigEndian(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
