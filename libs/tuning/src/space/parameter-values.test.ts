import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ordinalOf, valueAt, valueCount } from './parameter-values.ts';
import type { Parameter } from './parameter.ts';

const steps = (low: number, high: number, step: number): Parameter => ({
  ...{ name: 'p', kind: 'float', low, high, log: false, step },
});

test.each<[Parameter, unknown[]]>([
  [steps(0, 0.4, 0.1), [0, 0.1, 0.2, 0.3, 0.4]],
  [steps(0.1, 0.75, 0.2), [0.1, 0.3, 0.5, 0.7]],
  [steps(-0.3, 0.1, 0.1), [-0.3, -0.2, -0.1, 0, 0.1]],
  [steps(1e-7, 3e-7, 1e-7), [1e-7, 2e-7, 3e-7]],
  [steps(1e21, 3e21, 1e21), [1e21, 2e21, 3e21]],
  [{ name: 'p', kind: 'int', low: 16, high: 70, log: false, step: 16 }, [16, 32, 48, 64]],
  [{ name: 'p', kind: 'int', low: 3, high: 5, log: true }, [3, 4, 5]],
  [{ name: 'p', kind: 'float', low: 0.5, high: 0.5, log: true }, [0.5]],
  [{ name: 'p', kind: 'categorical', choices: ['a', 1, true] }, ['a', 1, true]],
])('%j', (parameter, values) => {
  expect(Array.from({ length: valueCount(parameter) }, (_, ordinal) => valueAt(parameter, ordinal))).toEqual(values);
});

test('the values of a step are numbered, and nothing between them is', () => {
  const decimals = fc.integer({ min: -5000, max: 5000 }).map((thousandths) => thousandths / 1000);
  const stepSizes = fc.integer({ min: 1, max: 999 }).map((thousandths) => thousandths / 1000);
  fc.assert(
    fc.property(decimals, stepSizes, fc.integer({ min: 1, max: 400 }), (low, step, more) => {
      const parameter = steps(low, low + more * step, step);
      expect(valueCount(parameter)).toBe(more + 1);
      for (const ordinal of [0, 1, more >> 1, more]) {
        const value = Number(valueAt(parameter, ordinal));
        expect(ordinalOf(parameter, value)).toBe(ordinal);
        expect(ordinalOf(parameter, value + step / 3)).toBeUndefined();
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(low + more * step);
      }
      expect(ordinalOf(parameter, low - step)).toBeUndefined();
      expect(ordinalOf(parameter, low + (more + 1) * step)).toBeUndefined();
    }),
  );
});

test('a float without step has no numbered values', () => {
  const parameter: Parameter = { name: 'p', kind: 'float', low: 0, high: 1, log: false };
  expect(valueCount(parameter)).toBe(Number.POSITIVE_INFINITY);
  expect(ordinalOf(parameter, 0)).toBeUndefined();
});
