import fc from 'fast-check';
import { expect, test } from 'vitest';
import { learningRateAt } from './learning-rate.ts';
import { decays, type Schedule } from './schedule.ts';

const none: Schedule = { decay: 'constant', warmupSteps: 0, warmupEpochs: 0, floor: 0, factor: 1, decayEpochs: 1 };
const run = { stepsPerEpoch: 10, totalSteps: 100 };

function rates(schedule: Partial<Schedule>, base: number, positions: readonly number[]): number[] {
  return positions.map((position) => learningRateAt({ ...none, ...schedule }, base, { position, ...run }));
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  found.forEach((rate, index) => expect(rate).toBeCloseTo(expected[index] ?? NaN, 14));
}

test('no schedule and a constant one are the base rate itself', () => {
  expect(learningRateAt(undefined, 0.3, { position: 7, ...run })).toBe(0.3);
  expect(rates({}, 0.3, [0, 50, 99])).toEqual([0.3, 0.3, 0.3]);
});

// Goyal et al.: a constant amount more in each step, the whole rate with the last one.
test('a warm-up grows by the same amount in each step and ends with exactly the base rate', () => {
  expectClose(rates({ warmupSteps: 4 }, 0.4, [0, 1, 2, 3, 4, 99]), [0.1, 0.2, 0.3, 0.4, 0.4, 0.4]);
  expect(rates({ warmupSteps: 7 }, 0.3, [6])).toEqual([0.3]);
});

test('a warm-up in epochs is one of that many steps, to the nearest', () => {
  expect(rates({ warmupEpochs: 0.5 }, 1, [0, 4, 5])).toEqual(rates({ warmupSteps: 5 }, 1, [0, 4, 5]));
  expect(rates({ warmupEpochs: 0.26 }, 1, [0, 1, 2])).toEqual(rates({ warmupSteps: 3 }, 1, [0, 1, 2]));
});

// keras.optimizers.schedules.CosineDecay(0.1, decay_steps=100, alpha=0.1).
test('cosine is that of Keras', () => {
  expectClose(
    rates({ decay: 'cosine', floor: 0.1 }, 0.1, [0, 25, 50, 75]),
    [0.1, 0.086819805153395, 0.055, 0.023180194846605],
  );
  expect(rates({ decay: 'cosine' }, 0.1, [50])).toEqual([0.05]);
});

test('cosine after a warm-up covers the steps that are left', () => {
  const schedule = { decay: 'cosine', warmupEpochs: 2 } as const;
  expectClose(rates(schedule, 1, [19, 20, 40, 60, 80]), [1, 1, 0.853553390593274, 0.5, 0.146446609406726]);
});

// keras.optimizers.schedules.PolynomialDecay(0.1, decay_steps=100, end_learning_rate=0.01, power=1).
test('linear is the first power of Keras', () => {
  expectClose(rates({ decay: 'linear', floor: 0.1 }, 0.1, [0, 10, 50, 90]), [0.1, 0.091, 0.055, 0.019]);
});

// keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=20, decay_rate=0.5, staircase=True).
test('step falls at the end of every so many epochs, and no lower than its floor', () => {
  const schedule = { decay: 'step', factor: 0.5, decayEpochs: 2 } as const;
  expectClose(rates(schedule, 0.1, [0, 19, 20, 39, 40, 99]), [0.1, 0.1, 0.05, 0.05, 0.025, 0.00625]);
  expectClose(rates({ ...schedule, floor: 0.2 }, 0.1, [40, 60, 99]), [0.025, 0.02, 0.02]);
  expectClose(rates({ ...schedule, warmupSteps: 5 }, 0.1, [4, 24, 25]), [0.1, 0.1, 0.05]);
});

// keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=20, decay_rate=0.5).
test('exponential falls in every step', () => {
  const schedule = { decay: 'exponential', factor: 0.5, decayEpochs: 2 } as const;
  expectClose(rates(schedule, 0.1, [0, 10, 20, 25]), [0.1, 0.070710678118655, 0.05, 0.042044820762686]);
  expectClose(rates({ ...schedule, floor: 0.3 }, 0.1, [99]), [0.03]);
});

test('whatever the schedule, rates are finite, at least 0, at most the base rate, and never rise after the warm-up', () => {
  const schedules = fc.record({
    decay: fc.constantFrom(...decays),
    warmupSteps: fc.integer({ min: 0, max: 100 }),
    warmupEpochs: fc.constant(0),
    floor: fc.double({ min: 0, max: 1, noNaN: true }),
    factor: fc.double({ min: 1e-9, max: 1, noNaN: true }),
    decayEpochs: fc.double({ min: 0.01, max: 20, noNaN: true }),
  });
  fc.assert(
    fc.property(schedules, fc.integer({ min: 0, max: 99 }), (schedule, position) => {
      const at = (place: number): number => learningRateAt(schedule, 0.7, { position: place, ...run });
      expect(at(position)).toBeGreaterThanOrEqual(0);
      expect(at(position)).toBeLessThanOrEqual(0.7 * (1 + 2 ** -50));
      if (position >= schedule.warmupSteps && position < 99) {
        expect(at(position + 1)).toBeLessThanOrEqual(at(position) * (1 + 2 ** -45));
      }
    }),
  );
});
