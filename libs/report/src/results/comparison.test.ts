import { expect, test } from 'vitest';
import type { ReferenceRow, ReferenceTable } from '../input/reference-table.ts';
import type { TrialState } from '../input/reported-trial.ts';
import { studyOf, trialOf } from '../reported-study.fixture.ts';
import { comparisonsOf, isBeyond, type Comparison } from './comparison.ts';

const settings = new Map([['optimizer', 'adam']]);

function compared(state: TrialState, row: Partial<ReferenceRow>, epochs = 5): Comparison | undefined {
  const trial = trialOf({ trial: 0, cell: 0, settings, accuracy: 0.8, state, epochs });
  const exact = trial.epochs.map((epoch) => ({ ...epoch, validationAccuracy: 0.8 }));
  const study = studyOf({
    ...{ studyId: 'a', title: 'a', trials: [{ ...trial, epochs: exact }] },
    space: [{ kind: 'categorical', name: 'optimizer', choices: ['adam', 'sgd'] }],
  });
  const given = { label: 'adam', settings, values: [0.79], tolerance: 0.02, explanation: undefined, ...row };
  const table: ReferenceTable = {
    ...{ title: 'a', metric: 'validation-accuracy', sources: ['study', 'PyTorch'], heading: 'optimizer' },
    ...{ studyIds: ['a'], epochs: 5, remark: undefined, rows: [given] },
  };
  // Another study, whose trials do not belong to the table.
  const other = { ...study, studyId: 'b' };
  return comparisonsOf([other, study], table)[0];
}

test.each<[string, TrialState, Partial<ReferenceRow>, string]>([
  ['a small difference is within', 'complete', {}, 'within'],
  ['a large one differs', 'complete', { values: [0.7] }, 'differs'],
  ['one source that differs is enough', 'complete', { values: [0.79, 0.7] }, 'differs'],
  ['what a source does not have is not judged', 'complete', { values: [0.79, undefined] }, 'within'],
  ['no values, no judgement', 'complete', { values: [undefined] }, 'unjudged'],
  ['no tolerance, no judgement', 'complete', { tolerance: undefined }, 'unjudged'],
  ['a diverged cell differs from a value', 'diverged', {}, 'differs'],
  ['a running one is not there yet', 'running', {}, 'pending'],
  [
    'a row that no trial belongs to is not there yet',
    'complete',
    { settings: new Map([['optimizer', 'sgd']]) },
    'pending',
  ],
])('%s', (_, state, row, judgement) => {
  expect(compared(state, row)?.judgement).toBe(judgement);
});

test('a difference of exactly the tolerance is within it', () => {
  expect(compared('complete', { values: [0.78] })?.judgement).toBe('within');
  expect(isBeyond(0.3 - 0.1, 0.2)).toBe(false);
  expect(isBeyond(-0.21, 0.2)).toBe(true);
});

test('trials of other studies are left out, those whose study fixes the setting are not', () => {
  expect(compared('complete', {})?.trials).toHaveLength(1);
  expect(compared('complete', { settings: new Map([['model', 'initial-nn']]) })?.trials).toHaveLength(1);
});

test.each<[string, Comparison | undefined, readonly string[], string]>([
  ['nothing to explain', compared('complete', {}), [], ''],
  ['nobody knows', compared('complete', { values: [0.7] }), ['study'], ''],
  ['a reason', compared('complete', { values: [0.7], explanation: 'The stable form.' }), ['study'], 'The stable form.'],
  ['a reason that is not needed', compared('complete', { explanation: 'The stable form.' }), [], ''],
  [
    'another source that agrees',
    compared('complete', { values: [0.7, 0.81] }),
    ['study'],
    'Ours agrees with the same recipe elsewhere: PyTorch found 0.8100.',
  ],
  [
    'fewer epochs, though nothing is judged',
    compared('complete', { tolerance: undefined, values: [0.9] }, 3),
    [],
    '3 epochs here, 5 there.',
  ],
])('%s', (_, comparison, differsFrom, explanation) => {
  expect(comparison?.differsFrom).toEqual(differsFrom);
  expect(comparison?.explanation).toBe(explanation);
});
