import fc from 'fast-check';
import { expect, test } from 'vitest';
import { halfTurnCosine, integerPower, realPower } from './exact-functions.ts';

test.each([
  [0.9, 0],
  [0.9, 1],
  [0.999, 2],
  [0.999, 1000],
  [0.5, 30],
  [0, 3],
  [0.96, 12_345],
])('%d to the power %d is that of Math.pow to half a unit in the last place for each factor', (base, exponent) => {
  const expected = base ** exponent;
  expect(Math.abs(integerPower(base, exponent) - expected)).toBeLessThanOrEqual(expected * (1 + exponent) * 2 ** -53);
});

test('powers between whole ones agree with the platform', () => {
  const powers = fc.tuple(fc.double({ min: 1e-6, max: 1, noNaN: true }), fc.double({ min: 0, max: 40, noNaN: true }));
  fc.assert(
    fc.property(powers, ([base, exponent]) => {
      const expected = base ** exponent;
      expect(Math.abs(realPower(base, exponent) - expected)).toBeLessThanOrEqual(expected * 1e-13 + 1e-300);
    }),
  );
});

test.each([
  [0.25, 0, 1],
  [0.25, 0.5, 0.5],
  [0.25, 1, 0.25],
  [0.25, 2.5, 0.03125],
  [1, 0.3, 1],
])('%d to the power %d is exactly %d', (base, exponent, power) => {
  expect(realPower(base, exponent)).toBe(power);
});

test('the cosine agrees with the platform within one unit of its last place at 1', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (turns) => {
      expect(Math.abs(halfTurnCosine(turns) - Math.cos(Math.PI * turns))).toBeLessThanOrEqual(2 ** -52);
    }),
  );
});

test.each([
  [0, 1],
  [0.5, 0],
  [1, -1],
])('the cosine of %d half turns is exactly %d', (turns, cosine) => {
  expect(halfTurnCosine(turns)).toBe(cosine);
});
