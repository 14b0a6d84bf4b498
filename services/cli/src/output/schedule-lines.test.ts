import type { Schedule } from '@weft/core';
import { expect, test } from 'vitest';
import { scheduleLines } from './schedule-lines.ts';

const constant: Schedule = { decay: 'constant', warmupSteps: 0, warmupEpochs: 0, floor: 0, factor: 1, decayEpochs: 1 };

test.each<readonly [Partial<Schedule>, string]>([
  [{ warmupSteps: 1 }, 'warm-up over 1 step, then constant'],
  [{ warmupEpochs: 0.5, decay: 'cosine' }, 'warm-up over 0.5 epochs, then cosine to 0'],
  [{ decay: 'linear', floor: 0.01 }, 'linear to 0.01 of it'],
  [{ decay: 'step', factor: 0.1, decayEpochs: 30 }, 'times 0.1 after every 30 epochs'],
  [{ decay: 'exponential', factor: 0.9, floor: 0.2 }, 'times 0.9 over every epoch, at least 0.2 of it'],
])('%j reads: %s', (change, text) => {
  const lines = scheduleLines({ schedule: { ...constant, ...change }, earlyStopping: null });
  expect(lines).toEqual([`learning rate: ${text}`]);
});

test.each([
  [{ patience: 1, minDelta: 0 }, 'ends early when loss has not improved for 1 epoch'],
  [{ patience: 5, minDelta: 0.01 }, 'ends early when loss has not improved by more than 0.01 for 5 epochs'],
])('%j reads: %s', (rule, text) => {
  expect(scheduleLines({ schedule: null, earlyStopping: { monitor: 'loss', ...rule } })).toEqual([text]);
});

test('a run of all epochs at one rate needs no words', () => {
  expect(scheduleLines({ schedule: null, earlyStopping: null })).toEqual([]);
});
