import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createMemory } from '../kernels/kernel-module.ts';
import { vectorKernels, type OptimizerKernels } from './optimizer-kernels.ts';
import { scalarKernels } from './scalar-kernels.ts';

/** Runs one kernel on equal memories of both kinds and returns their results and bytes. */
function both(
  values: Float32Array,
  run: (kernels: OptimizerKernels) => number | undefined,
): { result: number | undefined; bytes: Buffer }[] {
  return [vectorKernels, scalarKernels].map((open) => {
    const memory = createMemory(4096);
    new Float32Array(memory.buffer).set(values);
    return { result: run(open(memory)), bytes: Buffer.from(memory.buffer) };
  });
}

const cases = fc.record({
  values: fc.float32Array({
    minLength: 300,
    maxLength: 300,
    noNaN: true,
    noDefaultInfinity: true,
    max: 2 ** 50,
    min: -(2 ** 50),
  }),
  x: fc.integer({ min: 0, max: 9 }),
  y: fc.integer({ min: 150, max: 159 }),
  n: fc.integer({ min: 0, max: 100 }),
  factor: fc.float({ noNaN: true, noDefaultInfinity: true, max: 2 ** 50, min: -(2 ** 50) }),
});

test('kernels for any range touch that range only and agree with their twin to the bit', () => {
  const property = fc.property(cases, ({ values, x, y, n, factor }) => {
    const runs: ((kernels: OptimizerKernels) => number | undefined)[] = [
      (kernels) => {
        kernels.scale(x * 4, n, factor);
        return undefined;
      },
      (kernels) => {
        kernels.addScaled(y * 4, x * 4, n, factor);
        return undefined;
      },
      (kernels) => {
        kernels.flushSubnormals(x * 4, n);
        return undefined;
      },
      (kernels) => kernels.divide(x * 4, n, factor),
      (kernels) => kernels.sumOfSquares(x * 4, n),
      (kernels) => kernels.firstNonFinite(x * 4, n),
    ];
    for (const run of runs) {
      const [vector, scalar] = both(values, run);
      expect(vector?.result).toBe(scalar?.result);
      expect(vector !== undefined && scalar !== undefined && vector.bytes.equals(scalar.bytes)).toBe(true);
    }
  });
  fc.assert(property, { numRuns: 200, seed: 2 });
});

test('the sum of squares is right, and exact where float32 would round', () => {
  const [vector] = both(new Float32Array([4097, 4097, 1e-3, 3]), (kernels) => kernels.sumOfSquares(0, 4));
  expect(vector?.result).toBeCloseTo(2 * 4097 ** 2 + Math.fround(1e-3) ** 2 + 9, 8);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 127])(
  'a quotient of %d among others is found wherever it is',
  (special) => {
    for (let at = 0; at < 19; at++) {
      const values = new Float32Array(19).fill(3);
      values[at] = special;
      for (const { result } of both(values, (kernels) => kernels.divide(0, values.length, 0.25)))
        expect(result).toBe(0);
    }
    for (const { result } of both(new Float32Array(19).fill(3), (kernels) => kernels.divide(0, 19, 0.25)))
      expect(result).toBe(1);
  },
);

test('flushing clears subnormal values of both signs and keeps all others, infinite ones and NaN included', () => {
  const kept = [2 ** -126, -(2 ** -126), 1, 0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const cleared = [2 ** -149, -(2 ** -149), 2 ** -127, -(2 ** -127)];
  const values = Float32Array.from([...kept, ...cleared, ...cleared, ...kept]);
  for (const { bytes } of both(values, (kernels) => {
    kernels.flushSubnormals(0, values.length);
    return undefined;
  })) {
    const after = new Float32Array(bytes.buffer, bytes.byteOffset, values.length);
    expect([...after]).toEqual([...kept, 0, 0, 0, 0, 0, 0, 0, 0, ...kept]);
  }
});
