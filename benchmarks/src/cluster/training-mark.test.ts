import { WeftError } from '@weft/core';
import { expect, test } from 'vitest';
import { readTrainingLine } from './training-mark.ts';

const run = { batchSize: 128 };
const line = (event: object): string => JSON.stringify(event);

test('progress gives examples and the training clock of the epoch', () => {
  const progress = { event: 'progress', epoch: 2, step: 10, stepsPerEpoch: 422, examplesPerSecond: 640, worldSize: 2 };
  expect(readTrainingLine(line(progress), run)).toEqual({
    kind: 'mark',
    mark: { epoch: 2, examples: 1280, seconds: 2 },
    worldSize: 2,
  });
});

test('the end of an epoch counts its short last step as it is', () => {
  const epoch = { event: 'epoch', epoch: 2, seconds: 4, examplesPerSecond: 13_500, worldSize: 0 };
  expect(readTrainingLine(line(epoch), run)).toEqual({
    kind: 'mark',
    mark: { epoch: 2, examples: 54_000, seconds: 4 },
    worldSize: 0,
  });
});

test('a run names its engine and its processes, and unknown events are passed over', () => {
  const processes = { coordinator: { pid: 7 }, trainers: [{ pid: 8 }] };
  const known = { event: 'run', engineFingerprint: 'ort-cpu; blocks of 16', cluster: processes };
  expect(readTrainingLine(line(known), run)).toEqual({
    kind: 'run',
    engineFingerprint: 'ort-cpu; blocks of 16',
    processes,
  });
  expect(readTrainingLine(line({ event: 'notice', text: 'hello' }), run)).toEqual({ kind: 'other' });
});

test('a failed run says why', () => {
  const failure = (): unknown => readTrainingLine(line({ event: 'error', message: 'no trainer is left' }), run);
  expect(failure).toThrow(WeftError);
  expect(failure).toThrow('no trainer is left');
});

test('a line without the number that its event has is named whole', () => {
  expect(() => readTrainingLine(line({ event: 'epoch', epoch: 1 }), run)).toThrow('no number seconds');
});
