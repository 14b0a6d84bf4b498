import { expect, test } from 'vitest';
import { integerPower, NadamSchedule } from './step-coefficients.ts';

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

test("Nadam's product is the same for steps in order, repeated, or asked for afresh", () => {
  const inOrder = new NadamSchedule(0.9);
  const products = Array.from({ length: 50 }, (_, i) => inOrder.at(i + 1));
  for (const step of [50, 50, 3, 17]) {
    expect(inOrder.at(step)).toEqual(products[step - 1]);
    expect(new NadamSchedule(0.9).at(step)).toEqual(products[step - 1]);
  }
});
