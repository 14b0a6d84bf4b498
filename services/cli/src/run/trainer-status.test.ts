import { create, TrainerSchema } from '@weft/wire';
import { expect, test } from 'vitest';
import { table } from '../output/table.ts';
import { trainerColumns, trainerRow, trainerStatus } from './trainer-status.ts';

const times = {
  ...{ dataSeconds: 0.00008, computeSeconds: 0.0123, reduceSeconds: 1.25, waitSeconds: 0 },
  ...{ chunks: 2.5, share: 0.25, roundTripMs: 0.7, slow: 'computing takes 3.1 times the median (12 ms a step)' },
};
const busy = create(TrainerSchema, { trainerId: 'b', runId: 'r', engineFingerprint: 'e', times });
const idle = create(TrainerSchema, { trainerId: 'a', httpAddress: '127.0.0.1:1', engineFingerprint: 'e' });

test('a trainer that was timed shows where the time of a step goes; of one that was not, nothing is said', () => {
  expect(table(trainerColumns, [idle, busy].map(trainerStatus).map(trainerRow))).toEqual([
    'trainer  works on  share     data  compute  reduce     wait  round trip  metrics      engine',
    '-------  --------  -----  -------  -------  ------  -------  ----------  -----------  ------',
    'a        nothing       -        -        -       -        -           -  127.0.0.1:1  e',
    'b        r          25 %  0.08 ms  12.3 ms  1.25 s  0.00 ms     0.70 ms  -            e',
  ]);
});

test('programs get the figures as they are, and null for what is not known', () => {
  expect(trainerStatus(busy).times).toEqual(times);
  expect(trainerStatus(idle).times).toBeNull();
  expect(trainerStatus(create(TrainerSchema, { times: { slow: '' } })).times?.slow).toBeNull();
});
