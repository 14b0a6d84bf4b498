import fc from 'fast-check';
import { encode as encodeJpeg } from 'jpeg-js';
import { expect, test } from 'vitest';
import { decodePicture } from './decode-picture.ts';
import { interlacedBits, pngPictures, progressiveJpeg } from './pictures.fixture.ts';
import { encodePng } from './png.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const rounded = ({ pixels }: { readonly pixels: Float32Array }): number[] => Array.from(pixels, Math.round);

test.each(pngPictures)('a PNG file is decoded: $name', ({ file, grey }) => {
  const picture = decodePicture(file);
  expect([picture.width, picture.height]).toEqual([5, 3]);
  picture.pixels.forEach((value, at) => {
    expect(Math.abs(value - (grey[at] ?? NaN))).toBeLessThanOrEqual(1);
  });
});

test('a progressive JPEG is decoded, close to what was encoded', () => {
  const { width, height, pixels } = decodePicture(progressiveJpeg);
  expect([width, height]).toEqual([16, 16]);
  pixels.forEach((value, at) => {
    const [red, green] = [(at % 16) * 16, Math.floor(at / 16) * 16];
    expect(Math.abs(value - (0.299 * red + 0.587 * green + 0.114 * 128))).toBeLessThan(3);
  });
});

/** 2 x 3 blocks of 8 x 8 pixels with the brightness 40 to 240, in reading order. */
function blocks(orientation: number | undefined): Uint8Array {
  const [width, height] = [16, 24];
  const data = Buffer.alloc(width * height * 4, 255);
  for (let at = 0; at < width * height; at++) {
    const block = Math.floor(Math.floor(at / width) / 8) * 2 + Math.floor((at % width) / 8);
    data.fill(40 * (block + 1), at * 4, at * 4 + 3);
  }
  const jpeg = encodeJpeg({ width, height, data }, 100).data;
  if (orientation === undefined) return new Uint8Array(jpeg);
  const entry = [0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0];
  const exif = [...bytes('Exif\0\0MM\0*'), 0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0];
  return Uint8Array.from([0xff, 0xd8, 0xff, 0xe1, 0, exif.length + 2, ...exif, ...jpeg.subarray(2)]);
}

test.each([
  [undefined, '12 34 56'],
  [1, '12 34 56'],
  [2, '21 43 65'],
  [3, '65 43 21'],
  [4, '56 34 12'],
  [5, '135 246'],
  [6, '531 642'],
  [7, '642 531'],
  [8, '246 135'],
])('a JPEG with EXIF orientation %s is turned upright', (orientation, shown) => {
  const { width, height, pixels } = decodePicture(blocks(orientation));
  const centre = (x: number, y: number): number => Math.round((pixels[(y * 8 + 4) * width + x * 8 + 4] ?? 0) / 40);
  const rows = Array.from({ length: height / 8 }, (_, y) =>
    Array.from({ length: width / 8 }, (__, x) => centre(x, y)).join(''),
  );
  expect(rows.join(' ')).toBe(shown);
});

test.each([
  ['text', bytes('P2 # a comment\n# another\n 3 2\n4\n0 1 2 3 4 9'), [0, 64, 128, 191, 255, 255]],
  ['bytes', Uint8Array.from([...bytes('P5\n2 2 255\n'), 0, 10, 200, 255]), [0, 10, 200, 255]],
  ['two bytes a pixel', Uint8Array.from([...bytes('P5 2 1 65535\n'), 128, 128, 255, 255]), [128, 255]],
])('a PGM of %s is decoded', (_, file, grey) => {
  expect(rounded(decodePicture(file))).toEqual(grey);
});

test('what is encoded as PNG is decoded again, rounded to bytes', () => {
  const sizes = fc.integer({ min: 1, max: 20 });
  fc.assert(
    fc.property(sizes, sizes, fc.infiniteStream(fc.integer({ min: -20, max: 280 })), (width, height, values) => {
      const pixels = Float32Array.from([...values.take(width * height)], (value) => value + 0.25);
      const decoded = decodePicture(encodePng({ width, height, pixels }));
      expect(decoded).toEqual({ width, height, pixels: Float32Array.from(Uint8ClampedArray.from(pixels)) });
    }),
  );
  expect(() => encodePng({ width: 2, height: 2, pixels: new Float32Array(3) })).toThrow('2 x 2 has not 3 pixels');
});

test.each([
  ['GIF89a', 'incompatible', 'its format is GIF; PNG, JPEG and PGM are read'],
  ['RIFF0000WEBPVP8 ', 'incompatible', 'its format is WebP'],
  ['BM00', 'incompatible', 'its format is BMP'],
  ['0000ftypheic', 'incompatible', 'its format is HEIC'],
  ['P6 1 1 255\n000', 'incompatible', 'its format is PBM or PPM'],
  ['<svg>', 'incompatible', 'its format is SVG'],
  ['hello', 'incompatible', 'no picture that is known here'],
  ['', 'corrupt', 'it is empty'],
  ['P5 2', 'corrupt', 'ends within the header of a PGM'],
  ['P5 0 1 255\n', 'corrupt', 'it has 0 x 1 pixels'],
  ['P5 2 2 70000\n0000', 'corrupt', 'its greatest value is 70000'],
  ['P5 2 2 255\n000', 'corrupt', 'it has 3 pixels of 2 x 2'],
  ['P5 10000 5001 255\n', 'too-large', '10000 x 5001 pixels; pictures of at most 50 megapixels'],
])('%j is refused as %s', (text, code, reason) => {
  expect(() => decodePicture(bytes(text))).toThrow(
    expect.objectContaining({ code, message: expect.stringContaining(reason) as string }) as Error,
  );
});

test('a picture that is too large is refused by its header alone', () => {
  const png = (pngPictures[0]?.file ?? new Uint8Array()).slice();
  new DataView(png.buffer).setUint32(16, 60_000);
  new DataView(png.buffer).setUint32(20, 60_000);
  expect(() => decodePicture(png)).toThrow('60000 x 60000 pixels');
  const jpeg = progressiveJpeg.slice();
  const frame = Buffer.from(jpeg).indexOf(Buffer.from([0xff, 0xc2]));
  new DataView(jpeg.buffer).setUint32(frame + 5, 0xffffffff);
  expect(() => decodePicture(jpeg)).toThrow('65535 x 65535 pixels');
});

test('an interlaced PNG of bits is refused, since its decoder takes it apart wrongly', () => {
  expect(() => decodePicture(interlacedBits)).toThrow('an interlaced PNG of 1 bits a pixel');
});

test('no cut file is taken for a picture, and each is a failure with a reason', () => {
  for (const file of [...pngPictures.map((picture) => picture.file), progressiveJpeg, blocks(6)]) {
    for (let length = 0; length < file.length; length += Math.max(1, Math.floor(file.length / 150))) {
      expect(() => decodePicture(file.subarray(0, length))).toThrow(
        expect.objectContaining({ name: 'WeftError' }) as Error,
      );
    }
  }
});

test('a PNG with changed bytes is damaged', () => {
  for (const { file } of pngPictures) {
    const damaged = file.slice();
    const at = Buffer.from(file).indexOf('IDAT') + 8;
    damaged[at] = (damaged[at] ?? 0) ^ 0x55;
    expect(() => decodePicture(damaged)).toThrow('damaged PNG');
  }
});
