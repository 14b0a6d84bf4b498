import { expect, test } from 'vitest';
import { trainerId } from '../id.ts';
import type { Pace } from './paces.ts';
import { SlowTrainers } from './slow-trainers.ts';

const [a, b] = [trainerId('a'), trainerId('b')];

function pace(computeSeconds: number, settled = true): Pace {
  return { chunks: 4, dataSeconds: 0, computeSeconds, reduceSeconds: 0, waitSeconds: 0, roundTripMs: 1, settled };
}

function judge(slow: SlowTrainers, ofA: Pace | undefined, ofB: Pace | undefined, shareOfB = 0.5): string[] {
  return slow.judge([
    { trainer: a, pace: ofA, share: 1 - shareOfB },
    { trainer: b, pace: ofB, share: shareOfB },
  ]);
}

test('a trainer is named once, and once more when it is slow no longer', () => {
  const slow = new SlowTrainers();
  expect(judge(slow, pace(0.1), pace(0.3))).toEqual([
    'trainer b is slow: computing takes 3.0 times the median (0.30 s a step); its share is now 50 % of the chunks',
  ]);
  expect(judge(slow, pace(0.1), pace(0.4), 0.25)).toEqual([]);
  expect(slow.reasonOf(b)).toBe('computing takes 4.0 times the median (0.40 s a step)');
  expect(judge(slow, pace(0.1), pace(0.13), 0.25)).toEqual([]);
  expect(judge(slow, pace(0.1), pace(0.11), 0.25)).toEqual([
    'trainer b is no longer slow; its share is now 25 % of the chunks',
  ]);
  expect(slow.reasonOf(b)).toBeUndefined();
});

test('nobody is named before enough is known, and what was found stays true until more is', () => {
  const slow = new SlowTrainers();
  expect(judge(slow, pace(0.1), undefined)).toEqual([]);
  expect(judge(slow, pace(0.1), pace(0.5, false))).toEqual([]);
  expect(judge(slow, pace(0.1, false), pace(0.5))).toEqual([]);
  judge(slow, pace(0.1), pace(0.5));
  expect(judge(slow, pace(0.1), pace(0.1, false))).toEqual([]);
  expect(judge(slow, pace(0.1, false), pace(0.5))).toEqual([]);
  expect(slow.reasonOf(b)).toBeDefined();
});

test('a trainer that is gone is forgotten', () => {
  const slow = new SlowTrainers();
  judge(slow, pace(0.1), pace(0.5));
  slow.forget(b);
  expect(slow.reasonOf(b)).toBeUndefined();
});
