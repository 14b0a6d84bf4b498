import { expect, test } from 'vitest';
import { trainerId } from '../id.ts';
import { lossNotice } from './loss-notice.ts';

const plan = {
  batch: { exampleCount: 100, globalBatch: 10, chunkSize: 5 },
  epochs: 2,
  evaluationExamples: { validation: 10, test: 10 },
};
const [a, b, c] = [trainerId('a'), trainerId('b'), trainerId('c')];
const place = { plan, position: 13, isOver: false, status: 'training on 3 trainers', survivors: [a, c] };

test('a loss is told with who, how, where, what was done and what to do', () => {
  expect(lossNotice(b, 'lost: no heartbeat for 3050 ms, the limit is 3000', place)).toBe(
    'trainer b lost: no heartbeat for 3050 ms, the limit is 3000; in epoch 2, step 4, while training on 3 trainers; ' +
      'its unfinished work goes to a, c; if it does not come back by itself, its log says why, and a trainer started in its place ' +
      'joins at the next step',
  );
});

test('whoever left on purpose needs no remedy; after the last step there is none to name', () => {
  expect(lossNotice(b, 'left: it was told to stop', { ...place, position: 20, isOver: true, survivors: [] })).toBe(
    'trainer b left: it was told to stop; after the last step, while training on 3 trainers; nobody is left',
  );
});
