import { expect, test } from 'vitest';
import { describeSchedule, drawSchedule } from './schedule.ts';

test('a schedule follows from its seed alone', () => {
  expect(drawSchedule(7, 1000)).toEqual(drawSchedule(7, 1000));
  expect(describeSchedule(drawSchedule(7, 1000))).not.toBe(describeSchedule(drawSchedule(8, 1000)));
});

test('a hundred schedules hold every kind of fault, freezes on both sides of the heartbeat timeout, and leave the end of a run alone', () => {
  const faults = Array.from({ length: 100 }, (_, seed) => drawSchedule(seed, 1000)).flat();
  expect([...new Set(faults.map(({ kind }) => kind))].sort()).toEqual(
    ['cut', 'freeze', 'join', 'kill', 'leave', 'restart', 'slow'].sort(),
  );
  const freezes = faults.filter(({ kind }) => kind === 'freeze').map(({ durationMs }) => durationMs);
  expect(freezes.some((ms) => ms < 1000)).toBe(true);
  expect(freezes.some((ms) => ms > 1000)).toBe(true);
  expect(faults.filter(({ at }) => at < 0 || at > 0.9)).toEqual([]);
});

test('the faults of a schedule come in order', () => {
  for (let seed = 0; seed < 50; seed++) {
    const moments = drawSchedule(seed, 1000).map(({ at }) => at);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  }
});
