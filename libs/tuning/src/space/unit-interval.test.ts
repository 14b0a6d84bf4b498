import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ordinalOf, valueAt, valueCount } from './parameter-values.ts';
import type { Parameter } from './parameter.ts';
import { unitRange, valueAtUnit } from './unit-interval.ts';

const countable: Parameter[] = [
  { name: 'p', kind: 'int', low: 1, high: 30, log: true },
  { name: 'p', kind: 'int', low: -3, high: 12, log: false },
  { name: 'p', kind: 'int', low: 7, high: 7, log: true },
  { name: 'p', kind: 'float', low: 0, high: 0.9, log: false, step: 0.1 },
  { name: 'p', kind: 'categorical', choices: ['a', 'b', 'c'] },
];

test.each(countable)('%j: its values divide the interval in their order, without gaps', (parameter) => {
  let end = 0;
  for (let ordinal = 0; ordinal < valueCount(parameter); ordinal++) {
    const range = unitRange(parameter, valueAt(parameter, ordinal));
    expect(range?.low).toBeCloseTo(end, 12);
    end = range?.high ?? Number.NaN;
    for (const part of [0.001, 0.5, 0.999]) {
      const unit = (range?.low ?? 0) + part * (end - (range?.low ?? 0));
      expect(ordinalOf(parameter, valueAtUnit(parameter, unit))).toBe(ordinal);
    }
  }
  expect(end).toBe(1);
  for (const unit of [0, 1]) expect(ordinalOf(parameter, valueAtUnit(parameter, unit))).toBeDefined();
});

test('a float goes to the interval and back', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-9, max: 1e3, noNaN: true }),
      fc.double({ min: 1.01, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.boolean(),
      (low, ratio, unit, log) => {
        const parameter: Parameter = { name: 'p', kind: 'float', low, high: low * ratio, log };
        const value = Number(valueAtUnit(parameter, unit));
        expect(value).toBeGreaterThanOrEqual(low);
        expect(value).toBeLessThanOrEqual(low * ratio);
        expect(unitRange(parameter, value)?.low).toBeCloseTo(unit, 9);
      },
    ),
  );
});

test('with log, equal factors are equal lengths', () => {
  const parameter: Parameter = { name: 'p', kind: 'float', low: 1e-4, high: 1, log: true };
  expect([0, 0.25, 0.5, 1].map((unit) => Number(valueAtUnit(parameter, unit)).toPrecision(12))).toEqual(
    [1e-4, 1e-3, 1e-2, 1].map((value) => value.toPrecision(12)),
  );
});

test('a value that a parameter cannot have is nowhere', () => {
  const float: Parameter = { name: 'p', kind: 'float', low: 0, high: 1, log: false };
  for (const value of [-0.1, 1.1, Number.NaN, '0.5', true]) expect(unitRange(float, value)).toBeUndefined();
  for (const parameter of countable) expect(unitRange(parameter, 0.05)).toBeUndefined();
});
