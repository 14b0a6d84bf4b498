import { expect, test } from 'vitest';
import { NadamSchedule } from './step-coefficients.ts';

test("Nadam's product is the same for steps in order, repeated, or asked for afresh", () => {
  const inOrder = new NadamSchedule(0.9);
  const products = Array.from({ length: 50 }, (_, i) => inOrder.at(i + 1));
  for (const step of [50, 50, 3, 17]) {
    expect(inOrder.at(step)).toEqual(products[step - 1]);
    expect(new NadamSchedule(0.9).at(step)).toEqual(products[step - 1]);
  }
});
