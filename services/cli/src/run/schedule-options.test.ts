import { expect, test } from 'vitest';
import { chooseSchedule, scaledRate, warmupProblem, type ScheduleValues } from './schedule-options.ts';

const nothing: ScheduleValues = {
  ...{ schedule: 'constant', warmupEpochs: undefined, warmupSteps: undefined },
  ...{ scheduleFloor: undefined, scheduleFactor: undefined, scheduleEpochs: undefined },
};

test.each<readonly [Partial<ScheduleValues>, ReturnType<typeof chooseSchedule>]>([
  [{}, undefined],
  [{ warmupEpochs: 0 }, undefined],
  [
    { warmupEpochs: 2, schedule: 'cosine' },
    { decay: 'cosine', warmupSteps: 0, warmupEpochs: 2, floor: 0, factor: 1, decayEpochs: 1 },
  ],
  [{ warmupSteps: 9 }, { decay: 'constant', warmupSteps: 9, warmupEpochs: 0, floor: 0, factor: 1, decayEpochs: 1 }],
  [
    { schedule: 'step', scheduleFactor: 0.1, scheduleEpochs: 30, scheduleFloor: 0.01 },
    { decay: 'step', warmupSteps: 0, warmupEpochs: 0, floor: 0.01, factor: 0.1, decayEpochs: 30 },
  ],
])('%j says: %j', (values, schedule) => {
  expect(chooseSchedule({ ...nothing, ...values })).toEqual(schedule);
});

test.each<readonly [Partial<ScheduleValues>, readonly string[]]>([
  [
    { warmupEpochs: 1, warmupSteps: 1 },
    ['--warmup-epochs and --warmup-steps are two ways to say the same: give one of them'],
  ],
  [{ scheduleFloor: 0.1 }, ['--schedule-floor: 0.1 needs a --schedule that falls: linear, cosine, step, exponential']],
  [
    { schedule: 'exponential' },
    [
      '--schedule-factor is missing: --schedule exponential needs it',
      '--schedule-epochs is missing: --schedule exponential needs it',
    ],
  ],
  [
    { schedule: 'cosine', scheduleFactor: 0.5, scheduleEpochs: 2 },
    [
      '--schedule-factor: 0.5 needs --schedule step or exponential',
      '--schedule-epochs: 2 needs --schedule step or exponential',
    ],
  ],
])('%j is refused with all of its problems', (values, problems) => {
  expect(() => chooseSchedule({ ...nothing, ...values })).toThrow(
    expect.objectContaining({ code: 'invalid-argument', message: problems.join('\n') }),
  );
});

test.each([
  [{ warmupEpochs: 2 }, undefined],
  [{ warmupEpochs: 2.5 }, '--warmup-epochs: 25 steps are more than the 20 of the run'],
  [{ warmupSteps: 21 }, '--warmup-steps: 21 steps are more than the 20 of the run'],
])('of 2 epochs of 10 steps, %j: %s', (values, problem) => {
  const batch = { exampleCount: 95, globalBatch: 10, chunkSize: 5 };
  expect(warmupProblem(chooseSchedule({ ...nothing, ...values }), batch, 2)).toBe(problem);
});

test('the rate grows as the batch does', () => {
  expect([scaledRate(0.1, 128), scaledRate(0.1, 1024), scaledRate(0.1, 32)]).toEqual([0.1, 0.8, 0.025]);
});
