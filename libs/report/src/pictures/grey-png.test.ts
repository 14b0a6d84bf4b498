import { crc32, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { greyPng } from './grey-png.ts';

/** The chunks of a PNG file by type, checked. */
function chunksOf(file: Buffer): Map<string, Buffer> {
  expect(file.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    expect(file.readUInt32BE(at + 8 + length)).toBe(crc32(file.subarray(at + 4, at + 8 + length)));
    chunks.set(file.toString('latin1', at + 4, at + 8), file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
}

test('a picture of any size comes back from its file, pixel by pixel', () => {
  const picture = fc
    .record({ width: fc.integer({ min: 1, max: 40 }), height: fc.integer({ min: 1, max: 40 }) })
    .chain(({ width, height }) =>
      fc
        .uint8Array({ minLength: width * height, maxLength: width * height })
        .map((pixels) => ({ pixels, width, height })),
    );
  fc.assert(
    fc.property(picture, ({ pixels, width, height }) => {
      const chunks = chunksOf(Buffer.from(greyPng({ pixels, width, height })));
      expect([...chunks.keys()]).toEqual(['IHDR', 'IDAT', 'IEND']);
      const header = chunks.get('IHDR') ?? Buffer.alloc(0);
      expect([header.readUInt32BE(0), header.readUInt32BE(4), ...header.subarray(8)]).toEqual([
        width,
        height,
        8,
        0,
        0,
        0,
        0,
      ]);
      const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
      const found = Array.from({ length: height }, (_, y) => [
        ...rows.subarray(y * (width + 1), (y + 1) * (width + 1)),
      ]);
      expect(found).toEqual(
        Array.from({ length: height }, (_, y) => [0, ...pixels.subarray(y * width, (y + 1) * width)]),
      );
    }),
  );
});

test('more bytes than a stored block holds take several', () => {
  const pixels = new Uint8Array(300 * 300).map((_, at) => at % 251);
  const chunks = chunksOf(Buffer.from(greyPng({ pixels, width: 300, height: 300 })));
  expect(inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0))).toHaveLength(301 * 300);
});

test('pixels that do not fill the picture are refused', () => {
  expect(() => greyPng({ pixels: new Uint8Array(5), width: 2, height: 3 })).toThrow(
    'pixels: 5 bytes, must be 2 x 3 = 6',
  );
});
