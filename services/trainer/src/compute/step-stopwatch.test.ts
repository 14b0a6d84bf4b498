import { expect, test } from 'vitest';
import { StepStopwatch } from './step-stopwatch.ts';

test('exchange is no waiting, and each second is counted once', () => {
  const clock = { ms: 0 };
  const stopwatch = new StepStopwatch(() => clock.ms);
  stopwatch.exchange(() => (clock.ms += 100));
  stopwatch.wait();
  clock.ms += 400;
  stopwatch.exchange(() => (clock.ms += 50));
  clock.ms += 600;
  expect(stopwatch.waitSeconds).toBe(1);
  stopwatch.exchanged(0.25);
  expect(stopwatch.takeExchangeSeconds()).toBeCloseTo(0.4);
  expect(stopwatch.takeExchangeSeconds()).toBe(0);
});
