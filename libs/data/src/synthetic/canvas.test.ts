import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Canvas, type Pose } from './canvas.ts';
import { box } from './outline.ts';

const pixelPose: Pose = { xx: 1, xy: 0, x0: 0, yx: 0, yy: 1, y0: 0 };
const white = new Float64Array(784).fill(1);
const samples = 16;

/** The covered share of each pixel of the triangle, by asking many points of it. */
function sampledCoverage(corners: readonly number[]): Float64Array {
  const coverage = new Float64Array(784);
  for (let at = 0; at < 784; at++) {
    let inside = 0;
    for (let nth = 0; nth < samples * samples; nth++) {
      const x = (at % 28) + ((nth % samples) + 0.5) / samples;
      const y = Math.floor(at / 28) + (Math.floor(nth / samples) + 0.5) / samples;
      if (isInside(corners, x, y)) inside++;
    }
    coverage[at] = inside / samples ** 2;
  }
  return coverage;
}

/** Whether a ray from (x, y) to the right crosses the outline an odd number of times. */
function isInside(corners: readonly number[], x: number, y: number): boolean {
  let odd = false;
  for (let at = 0; at < corners.length; at += 2) {
    const [x0 = 0, y0 = 0] = corners.slice(at);
    const [x1 = 0, y1 = 0] = corners.slice((at + 2) % corners.length);
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) odd = !odd;
  }
  return odd;
}

test('a box that ends between pixels covers exactly its share of each', () => {
  const canvas = new Canvas();
  canvas.paint(box(2.5, 3.25, 5, 4.75), pixelPose, white, 1);
  const row = (y: number): number[] => [...canvas.pixels.subarray(y * 28, y * 28 + 7)];
  expect(row(2)).toEqual([0, 0, 0, 0, 0, 0, 0]);
  expect(row(3)).toEqual([0, 0, 0.375, 0.75, 0.75, 0, 0]);
  expect(row(4)).toEqual([0, 0, 0.375, 0.75, 0.75, 0, 0]);
  expect(row(5)).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

test('any triangle, also one that leaves the image, covers what sampled points say', () => {
  const coordinate = fc.double({ min: -6, max: 34, noNaN: true });
  fc.assert(
    fc.property(fc.array(coordinate, { minLength: 6, maxLength: 6 }), (corners) => {
      const canvas = new Canvas();
      canvas.paint(corners, pixelPose, white, 1);
      const expected = sampledCoverage(corners);
      for (let at = 0; at < 784; at++) {
        expect(Math.abs((canvas.pixels[at] ?? 0) - (expected[at] ?? 0))).toBeLessThan(0.1);
      }
    }),
    { numRuns: 15 },
  );
});

test.each([5e-324, 1e-308, 1e-12])('an edge that rises by %d only ends, and covers nothing', (rise) => {
  const canvas = new Canvas();
  canvas.paint([2, -rise, 30, rise, 12, -rise], pixelPose, white, 1);
  expect(canvas.pixels).toEqual(new Float64Array(784));
});

test('paint covers paint, and a tone of 0 cuts a hole', () => {
  const canvas = new Canvas();
  canvas.paint(box(0, 0, 10, 10), pixelPose, white, 0.5);
  canvas.paint(box(2, 2, 4, 4), pixelPose, white, 0);
  canvas.paint(box(6, 6, 7, 7), pixelPose, white, 1);
  const at = (x: number, y: number): number | undefined => canvas.pixels[y * 28 + x];
  expect([at(1, 1), at(3, 3), at(6, 6), at(20, 20)]).toEqual([0.5, 0, 1, 0]);
});

test('the pose moves, scales and slants the outline', () => {
  const canvas = new Canvas();
  canvas.paint(box(0, 0, 1, 1), { xx: 2, xy: 0, x0: 3, yx: 0, yy: 4, y0: 5 }, white, 1);
  const painted = [...canvas.pixels.keys()].filter((at) => canvas.pixels[at] !== 0);
  expect(painted).toEqual([5, 6, 7, 8].flatMap((y) => [y * 28 + 3, y * 28 + 4]));
});
