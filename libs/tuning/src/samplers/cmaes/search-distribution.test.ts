import { PhiloxStream } from '@weft/core';
import { expect, test } from 'vitest';
import { nextDistribution, pointAt, roundDistribution, type Vector } from './search-distribution.ts';

/** Loss after `generations` from the middle of the cube, by a function of the offset from (0.3, 0.3, ...). */
function minimized(size: number, generations: number, loss: (offset: Vector) => number): number {
  const stream = new PhiloxStream(9, 'simulation');
  const population = 4 + Math.floor(3 * Math.log(size));
  let distribution = roundDistribution(
    Array.from({ length: size }, () => 0.5),
    0.2,
    population,
  );
  const lossAt = (point: Vector): number => loss(point.map((part) => part - 0.3));
  for (let generation = 0; generation < generations; generation++) {
    const points = Array.from({ length: population }, () =>
      pointAt(
        distribution,
        Array.from({ length: size }, () => stream.normal()),
      ),
    );
    distribution = nextDistribution(
      distribution,
      points.toSorted((a, b) => lossAt(a) - lossAt(b)),
    );
  }
  return lossAt(distribution.mean);
}

const sphere = (offset: Vector): number => offset.reduce((sum, part) => sum + part * part, 0);
/** Axes that differ a thousandfold, turned against the coordinates. */
const ellipse = (offset: Vector): number => {
  const [a = 0, b = 0, c = 0] = offset;
  return (a + b + c) ** 2 + 1e3 * (a - b) ** 2 + 1e6 * (a + b - 2 * c) ** 2;
};

test('a bowl is found to many digits, and so is a narrow ellipse that is not along the coordinates', () => {
  expect(minimized(1, 60, sphere)).toBeLessThan(1e-10);
  expect(minimized(5, 120, sphere)).toBeLessThan(1e-10);
  expect(minimized(3, 220, ellipse)).toBeLessThan(1e-10);
});

test('one update with everything known beforehand', () => {
  // Two numbers and two cells: one weight of 1, effective size 1; the rates follow from the tutorial's table.
  const next = nextDistribution(roundDistribution([0.5, 0.5], 0.1, 2), [
    [0.6, 0.5],
    [0.4, 0.5],
  ]);
  const [stepRate, pathRate, rankOneRate] = [3 / 8, 4.5 / 7, 2 / (3.3 ** 2 + 1)];
  const usual = Math.sqrt(2) * (1 - 1 / 8 + 1 / 84);
  const stepPath = Math.sqrt(stepRate * (2 - stepRate));
  const path = Math.sqrt(pathRate * (2 - pathRate));
  expect(next.mean.map((part) => part.toFixed(12))).toEqual(['0.600000000000', '0.500000000000']);
  expect(next.stepPath[0]).toBeCloseTo(stepPath, 12);
  expect(next.stepSize).toBeCloseTo(0.1 * Math.exp((stepRate / (1 + stepRate)) * (stepPath / usual - 1)), 12);
  expect(next.covariancePath[0]).toBeCloseTo(path, 12);
  const expected = [1 - rankOneRate + rankOneRate * path * path, 0, 0, 1 - rankOneRate];
  for (const [at, entry] of expected.entries()) expect(next.covariance[at]).toBeCloseTo(entry, 12);
});

test('a cell from far away pulls no further than a usual one', () => {
  const start = roundDistribution([0.1, 0.1], 0.01, 2);
  const [near = 0, far = 0] = [0.5, 1].map((x) => nextDistribution(start, [[x, 0.1]]).mean[0]);
  expect(far).toBeCloseTo(near, 12);
  expect(far).toBeLessThan(0.15);
});
