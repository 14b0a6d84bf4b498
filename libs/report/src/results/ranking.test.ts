import { expect, test } from 'vitest';
import { studyOf, trialOf } from '../reported-study.fixture.ts';
import { cellsOf } from './cells.ts';
import { objectiveMeasure } from './measure.ts';
import { bestTrial, ranked } from './ranking.ts';

const values = [0.5, undefined, 0.9, 0.9, Number.NaN, 0.7];
const trials = values.map((value, trial) => ({
  ...trialOf({ trial, cell: trial, settings: new Map([['a', trial]]), accuracy: 0.5 }),
  value,
}));
const study = studyOf({
  ...{ studyId: 'a', title: 'a', trials },
  space: [{ kind: 'int', name: 'a', low: 0, high: 9, log: false }],
});

test.each([
  [true, [2, 3, 5, 0, 1, 4], 2],
  [false, [0, 5, 2, 3, 1, 4], 0],
])(
  'with maximize %s the best come first, equal ones by number, those without a value last',
  (maximize, order, best) => {
    const measure = objectiveMeasure({ ...study, objective: { ...study.objective, maximize } });
    expect(ranked(cellsOf(study), measure).map(({ cell }) => cell)).toEqual(order);
    expect(bestTrial(study, measure)?.trial).toBe(best);
  },
);

test('trials that are not complete are not ranked, whatever their value', () => {
  const pruned = { ...study, trials: trials.map((trial) => ({ ...trial, state: 'pruned' as const })) };
  expect(bestTrial(pruned, objectiveMeasure(pruned))).toBeUndefined();
});

test('a cell is labelled by what sets it apart', () => {
  const settings = new Map<string, string | number>([
    ['optimizer', 'adam'],
    ['rate', 0.1],
  ]);
  const trial = trialOf({ trial: 0, cell: 0, settings, accuracy: 0.5 });
  const two = { ...study, trials: [trial], space: [...study.space, ...study.space] };
  const none = { ...study, title: 'The study', space: [], trials: [{ ...trial, settings: new Map() }] };
  expect(cellsOf(study).map(({ label }) => label)).toEqual(['0', '1', '2', '3', '4', '5']);
  expect(cellsOf(two).map(({ label }) => label)).toEqual(['optimizer adam, rate 0.1']);
  expect(cellsOf(none).map(({ label }) => label)).toEqual(['The study']);
});
