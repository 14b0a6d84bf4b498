import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areaAverage } from './area-average.ts';
import type { GreyImage } from './grey-image.ts';
import { modelPicture } from './model-picture.ts';

const sizes = fc.integer({ min: 1, max: 12 });
const pictures = fc
  .tuple(sizes, sizes)
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 255 }), { minLength: width * height, maxLength: width * height })
      .map((values): GreyImage => ({ width, height, pixels: Float32Array.from(values) })),
  );

/** The mean of a picture made `factor` times as large in both directions and cut into blocks: slow, and plainly right. */
function averageByRepetition({ width, height, pixels }: GreyImage, newWidth: number, newHeight: number): number[] {
  return Array.from({ length: newWidth * newHeight }, (_, at) => {
    const [x, y] = [at % newWidth, Math.floor(at / newWidth)];
    let sum = 0;
    for (let row = y * height; row < (y + 1) * height; row++) {
      for (let column = x * width; column < (x + 1) * width; column++) {
        sum += pixels[Math.floor(row / newHeight) * width + Math.floor(column / newWidth)] ?? NaN;
      }
    }
    return sum / (width * height);
  });
}

test('a new pixel is the mean of what lies under it', () => {
  fc.assert(
    fc.property(pictures, sizes, sizes, (picture, width, height) => {
      const expected = averageByRepetition(picture, width, height);
      areaAverage(picture, width, height).pixels.forEach((value, at) => {
        expect(Math.abs(value - (expected[at] ?? NaN))).toBeLessThan(1e-4);
      });
    }),
  );
});

test('a picture of the right size stays as it is', () => {
  fc.assert(
    fc.property(pictures, (picture) => {
      const { width, height } = picture;
      expect(modelPicture(picture, width, height, 'no').image).toEqual(picture);
    }),
  );
});

const filled = (width: number, height: number, colour: (x: number, y: number) => number): GreyImage => ({
  width,
  height,
  pixels: Float32Array.from({ length: width * height }, (_, at) => colour(at % width, Math.floor(at / width))),
});

/** Rows of digits: 9 is white. */
const shown = ({ width, pixels }: GreyImage): string =>
  Array.from(pixels, (value) => String(Math.round((value * 9) / 255)))
    .join('')
    .replace(new RegExp(`.{${String(width)}}(?!$)`, 'g'), '$& ');

test.each([
  ['a wide one', filled(8, 4, () => 255), '0000 9999 9999 0000'],
  ['a tall one', filled(2, 8, () => 255), '0900 0900 0900 0900'],
  ['a line', filled(100, 1, () => 255), '0000 9999 0000 0000'],
  ['a single pixel', filled(1, 1, () => 255), '9999 9999 9999 9999'],
])('proportions are kept, and the rest is black: %s', (_, picture, expected) => {
  expect(shown(modelPicture(picture, 4, 4, 'no').image)).toBe(expected);
});

const thingOn = (background: number, thing: number): GreyImage =>
  filled(16, 8, (x, y) => (x >= 4 && x < 12 && y >= 2 && y < 6 ? thing : background));

test.each([
  ['dark on light', thingOn(250, 30), true],
  ['light on dark', thingOn(5, 230), false],
  ['grey on a lighter wall', thingOn(180, 90), true],
  ['exactly in between', thingOn(127.5, 0), false],
  ['a light thing that touches two sides of the dark', filled(16, 8, (x) => (x > 5 && x < 11 ? 255 : 0)), false],
  ['a dark thing that touches two sides of the light', filled(16, 8, (x) => (x > 5 && x < 11 ? 0 : 255)), true],
])('the background decides on inversion: %s', (_, picture, isInverted) => {
  const auto = modelPicture(picture, 8, 8, 'auto');
  expect(auto.isInverted).toBe(isInverted);
  expect(auto).toEqual(modelPicture(picture, 8, 8, isInverted ? 'yes' : 'no'));
});

test('what is added around an inverted picture is black too', () => {
  expect(shown(modelPicture(thingOn(255, 0), 8, 8, 'auto').image)).toBe(
    '00000000 00000000 00000000 00999900 00999900 00000000 00000000 00000000',
  );
});
