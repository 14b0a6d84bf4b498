import { expect, test } from 'vitest';
import { normalCdf } from './normal-cdf.ts';

test.each([
  [0, 0.5],
  [1, 0.841_344_746_068_542_9],
  [-1, 0.158_655_253_931_457_05],
  [1.96, 0.975_002_104_851_779_5],
  [-3, 0.001_349_898_031_630_094_6],
  [-5, 2.866_515_718_791_939e-7],
  [-7, 1.279_812_543_885_835e-12],
  [-8, 6.220_960_574_271_785e-16],
  [-40, 0],
  [40, 1],
])('below %d lies %d', (x, expected) => {
  expect(normalCdf(x)).toBeCloseTo(expected, 14);
  if (expected > 0) expect(normalCdf(x) / expected).toBeCloseTo(1, 7);
});
