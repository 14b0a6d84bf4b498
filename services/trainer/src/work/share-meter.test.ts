import type { StepTimes } from '@weft/core';
import { expect, test } from 'vitest';
import { ShareMeter } from './share-meter.ts';
import type { Measurement } from './thread-messages.ts';

const share = { examples: 4, loss: 2, correct: 3, chunks: 2, dataSeconds: 0.125, computeSeconds: 0.25 };

function subject() {
  const measurements: Measurement[] = [];
  const reports: (readonly [string, StepTimes])[] = [];
  const meter = new ShareMeter(
    (measurement) => measurements.push(measurement),
    (run, times) => reports.push([run, times]),
  );
  return { meter, measurements, reports };
}

test('steps are measured one by one, with the phases that they had', () => {
  const { meter, measurements } = subject();
  meter.computed(share);
  meter.computed({ ...share, examples: 1, loss: 8, correct: 0 });
  meter.stepped('r', 0.5, 0);
  expect(measurements).toEqual([
    { kind: 'phase', phase: 'compute', steps: 1, seconds: 0.5 },
    { kind: 'phase', phase: 'data', steps: 1, seconds: 0.25 },
    { kind: 'phase', phase: 'wait', steps: 1, seconds: 0.5 },
    { kind: 'steps', run: 'r', outcome: { steps: 1, examples: 5, loss: 2, accuracy: 0.6 } },
  ]);
});

test('about once a second of steps it is told where the time went, and a run does not count for another', () => {
  const { meter, reports } = subject();
  const step = (run: string): void => {
    meter.computed(share);
    meter.stepped(run, 0.0625, 0.0625);
  };
  step('before');
  step('r');
  expect(reports).toEqual([]);
  step('r');
  expect(reports).toEqual([
    ['r', { steps: 2, chunks: 4, dataSeconds: 0.25, computeSeconds: 0.5, reduceSeconds: 0.125, waitSeconds: 0.125 }],
  ]);
  step('r');
  expect(reports).toHaveLength(1);
});

test('several steps at once are one measurement a phase, of equal steps', () => {
  const { meter, measurements, reports } = subject();
  meter.computed({ ...share, chunks: 20, computeSeconds: 2 });
  meter.stepped('r', 0, 0.5, 2);
  expect(measurements.filter(({ kind }) => kind === 'phase')).toEqual([
    { kind: 'phase', phase: 'compute', steps: 2, seconds: 1 },
    { kind: 'phase', phase: 'data', steps: 2, seconds: 0.0625 },
    { kind: 'phase', phase: 'reduce', steps: 2, seconds: 0.25 },
  ]);
  expect(reports).toMatchObject([['r', { steps: 2, chunks: 20 }]]);
});

test('chunks of a step that is not over count for the step that ends it', () => {
  const { meter, measurements } = subject();
  meter.computed(share);
  meter.stepped('r', 0, 0, 0);
  expect(measurements).toEqual([]);
  meter.stepped('r', 0, 0);
  expect(measurements.at(-1)).toMatchObject({ outcome: { examples: 4 } });
});
