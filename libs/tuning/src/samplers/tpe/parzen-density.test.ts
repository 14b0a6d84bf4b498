import { PhiloxStream } from '@weft/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Parameter } from '../../space/parameter.ts';
import { dimensionOf } from './dimension.ts';
import { ParzenDensity, type Point } from './parzen-density.ts';

const float = dimensionOf({ name: 'f', kind: 'float', low: 0, high: 4, log: false });
const units = dimensionOf({ name: 'u', kind: 'int', low: 1, high: 12, log: true });
const choice = dimensionOf({ name: 'c', kind: 'categorical', choices: ['a', 'b', 'c'] });

/** Middles of the unit ranges of `units`, and how long those are. */
const unitEdges = Array.from({ length: 13 }, (_, at) => Math.log((at + 0.5) / 0.5) / Math.log(12.5 / 0.5));
const unitCells = unitEdges.slice(1).map((high, at) => {
  const low = unitEdges[at] ?? 0;
  return { middle: (low + high) / 2, length: high - low };
});

const points: fc.Arbitrary<Point[]> = fc.array(
  fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(11).map((at) => unitCells[at]?.middle ?? 0),
    fc.nat(2),
  ),
  { maxLength: 12 },
);

function densityOf(of: readonly Point[]): ParzenDensity {
  return new ParzenDensity(
    [float, units, choice],
    of,
    of.map((_, at) => 1 + at),
    1,
  );
}

test('the density of numbers and choices adds up to 1', () => {
  const steps = 100;
  fc.assert(
    fc.property(points, (of) => {
      const density = densityOf(of);
      let sum = 0;
      for (let step = 0; step < steps; step++)
        for (const { middle, length } of unitCells)
          for (const chosen of [0, 1, 2])
            sum += (density.at([(step + 0.5) / steps, middle, chosen]) * length) / 3 / steps;
      expect(sum).toBeCloseTo(1, 3);
    }),
    { numRuns: 10 },
  );
});

test('what is drawn is distributed as the density says', () => {
  const density = densityOf([
    [0.9, unitCells[1]?.middle ?? 0, 2],
    [0.8, unitCells[10]?.middle ?? 0, 2],
  ]);
  const stream = new PhiloxStream(4, 'simulation');
  const draws = Array.from({ length: 20_000 }, () => density.sample(stream));
  for (const { middle, length } of unitCells) {
    for (const chosen of [0, 1, 2]) {
      // The number in the upper half, by the midpoint rule.
      let expected = 0;
      for (let step = 0; step < 100; step++)
        expected += (density.at([0.5 + (step + 0.5) / 200, middle, chosen]) * length) / 600;
      const seen =
        draws.filter(([x = 0, y = 0, z]) => x >= 0.5 && Math.abs(y - middle) < 1e-9 && z === chosen).length /
        draws.length;
      expect(Math.abs(seen - expected)).toBeLessThan(5 * Math.sqrt(expected / draws.length) + 1e-4);
    }
  }
});

test('of no points it is wide, of many it is narrow, and never nothing', () => {
  const parameter: Parameter = { name: 'f', kind: 'float', low: 0, high: 1, log: false };
  const at = (count: number, where: number): number =>
    new ParzenDensity(
      [dimensionOf(parameter)],
      Array.from({ length: count }, () => [0.25]),
      Array.from({ length: count }, () => 1),
      1,
    ).at([where]);
  expect(at(0, 0.5) / at(0, 0)).toBeCloseTo(Math.exp(1 / 8), 9);
  expect(at(10, 0.25)).toBeGreaterThan(at(3, 0.25));
  expect(at(1000, 0.25)).toBeGreaterThan(at(10, 0.25));
  expect(at(1000, 1)).toBeGreaterThan(0);
});
