import { expect, test } from 'vitest';
import { silentTrainers } from './heartbeat.ts';
import { trainerId } from './id.ts';

test('a trainer is silent when more than the timeout has passed, not at the timeout', () => {
  const heard = new Map([
    [trainerId('late'), 999],
    [trainerId('just'), 1000],
    [trainerId('fresh'), 3900],
    [trainerId('gone'), 0],
  ]);
  expect(silentTrainers(heard, 4000, 3000)).toEqual(['gone', 'late']);
});
