import { WeftError } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idxBytes } from './idx.fixture.ts';
import { parseIdx } from './idx.ts';

test('what was written as an IDX file is read back, for any shape', () => {
  const shapes = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(shapes, fc.integer({ min: 0, max: 255 }), (dimensions, salt) => {
      const count = dimensions.reduce((product, dimension) => product * dimension, 1);
      const values = Uint8Array.from({ length: count }, (_, at) => (at * salt) % 256);
      const read = parseIdx(idxBytes(dimensions, values), 'file');
      expect(read.dimensions).toEqual(dimensions);
      expect([...read.values]).toEqual([...values]);
    }),
  );
});

test('a file within a larger buffer is read from its own first byte', () => {
  const file = idxBytes([2], Uint8Array.of(7, 9));
  const buffer = new Uint8Array(file.length + 6).fill(0xff);
  buffer.set(file, 3);
  expect([...parseIdx(buffer.subarray(3, 3 + file.length), 'file').values]).toEqual([7, 9]);
});

const good = idxBytes([2, 3], Uint8Array.of(1, 2, 3, 4, 5, 6));

function changed(at: number, value: number): Uint8Array {
  const bytes = good.slice();
  bytes[at] = value;
  return bytes;
}

test.each([
  { name: 'an empty file', bytes: new Uint8Array(0), says: 'has 0 bytes' },
  { name: 'three bytes', bytes: good.subarray(0, 3), says: 'at least 4 bytes' },
  { name: 'a first byte that is not zero', bytes: changed(0, 0x1f), says: 'starts with the bytes 1f 00' },
  { name: 'a second byte that is not zero', bytes: changed(1, 0x8b), says: 'starts with the bytes 00 8b' },
  { name: 'floats', bytes: changed(2, 0x0d), says: 'has type code 0d (float)' },
  { name: 'an unknown type', bytes: changed(2, 0x42), says: 'has type code 42 (no type of the format)' },
  { name: 'no dimension', bytes: changed(3, 0), says: 'has 0 dimensions' },
  { name: 'too many dimensions', bytes: changed(3, 200), says: 'has 200 dimensions' },
  { name: 'an end within the header', bytes: good.subarray(0, 9), says: 'ends after 9 bytes, within its header' },
  { name: 'missing values', bytes: good.subarray(0, 17), says: 'truncated: has 5 bytes of values' },
  { name: 'trailing bytes', bytes: Uint8Array.of(...good, 0), says: 'has trailing bytes: 7 bytes of values' },
  { name: 'an absurd dimension', bytes: changed(4, 0xff), says: 'its header says 4278190082 x 3' },
])('$name is refused with file, value and rule', ({ bytes, says }) => {
  let thrown: unknown;
  try {
    parseIdx(bytes, '/some/train-images');
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(WeftError);
  expect(thrown).toMatchObject({ code: 'corrupt' });
  expect(String(thrown)).toContain('/some/train-images');
  expect(String(thrown)).toContain(says);
});

test('any change to a header is refused or changes the shape that is read, and never reads beyond the file', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 255 }), (at, value) => {
      const bytes = changed(at, value);
      try {
        const { dimensions, values } = parseIdx(bytes, 'file');
        expect(dimensions.reduce((product, dimension) => product * dimension, 1)).toBe(values.length);
      } catch (error) {
        expect(error).toMatchObject({ code: 'corrupt' });
      }
    }),
  );
});
