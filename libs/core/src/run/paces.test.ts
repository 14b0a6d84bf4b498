import { expect, test } from 'vitest';
import { trainerId } from '../id.ts';
import { Paces } from './paces.ts';
import type { StepTimes } from './step-times.ts';

const a = trainerId('a');

function times(computeSeconds: number, chunks = 4, waitSeconds = 0): StepTimes {
  return { steps: 2, chunks, dataSeconds: 0, computeSeconds, reduceSeconds: 0, waitSeconds };
}

test('means are over the last reports, a step', () => {
  const paces = new Paces();
  expect(paces.of(a)).toBeUndefined();
  paces.measured(a, times(100), 3);
  for (let report = 0; report < 4; report++) paces.measured(a, times(2, 4, 1), 2);
  paces.measured(a, times(4, 4, 1), 2);
  expect(paces.of(a)).toEqual({
    ...{ chunks: 2, dataSeconds: 0, computeSeconds: 1.2, reduceSeconds: 0, waitSeconds: 0.5 },
    ...{ roundTripMs: 2, settled: true },
  });
  expect(paces.secondsPerChunk(a)).toBeCloseTo(0.6);
});

test('two reports, or three of too short a time, decide nothing', () => {
  const paces = new Paces();
  paces.measured(a, times(2), 1);
  paces.measured(a, times(2), 1);
  expect(paces.secondsPerChunk(a)).toBeUndefined();
  paces.measured(a, times(2), 1);
  expect(paces.secondsPerChunk(a)).toBeCloseTo(0.5);
  const hasty = new Paces();
  for (let report = 0; report < 3; report++) hasty.measured(a, times(0.5), 1);
  expect(hasty.secondsPerChunk(a)).toBeUndefined();
});

test('after the work was divided means begin again, and so does the time since', () => {
  const paces = new Paces();
  for (let report = 0; report < 3; report++) paces.measured(a, times(2), 1);
  expect(paces.secondsSinceDivision(a)).toBe(6);
  paces.divided();
  expect(paces.secondsPerChunk(a)).toBeCloseTo(0.5);
  expect(paces.secondsSinceDivision(a)).toBe(0);
  paces.measured(a, times(1, 1), 1);
  expect(paces.of(a)).toMatchObject({ chunks: 0.5, computeSeconds: 0.5, settled: false });
});

test('a trainer without chunks is as fast as it was, until it has been idle for long', () => {
  const paces = new Paces();
  for (let report = 0; report < 3; report++) paces.measured(a, times(2), 1);
  for (let report = 0; report < 30; report++) paces.measured(a, times(0, 0, 1), 1);
  expect(paces.secondsPerChunk(a)).toBeCloseTo(0.5);
  paces.measured(a, times(0, 0, 1), 1);
  expect(paces.secondsPerChunk(a)).toBeUndefined();
  paces.forget(a);
  expect(paces.of(a)).toBeUndefined();
  expect(paces.roundTripMs(a)).toBe(0);
});
