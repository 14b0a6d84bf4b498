import { expect, test } from 'vitest';
import { createPruner } from '../pruners/create-pruner.ts';
import { createSampler } from '../samplers/create-sampler.ts';
import type { RecordedResult } from './recorded-result.ts';
import type { StudyRules } from './study-rules.ts';
import { whatIf } from './whatif.ts';

const rules: StudyRules = {
  space: [{ name: 'x', kind: 'int', low: 0, high: 3, log: false }],
  ...{ sampler: createSampler('grid'), pruner: undefined, seed: 1, trialSeeds: [1] },
  ...{ maxEpochs: 3, maxCells: undefined, concurrency: 2 },
};
const asha = createPruner('asha', { reductionFactor: 2 });

function result(x: number, losses: readonly number[], others: Partial<RecordedResult> = {}): RecordedResult {
  const seconds = losses.map(() => 10);
  return { assignment: new Map([['x', x]]), seed: 1, losses, outcome: 'complete', seconds, ...others };
}

/** The best, x = 1, begins badly. */
const record = [
  result(0, [0.5, 0.5, 0.5]),
  result(1, [0.9, 0.8, 0.1]),
  result(2, [0.4, 0.3, 0.3]),
  result(3, [0.8, 0.8, 0.8]),
];

test('without a pruner everything is kept, and nothing saved', () => {
  expect(whatIf(rules, record)).toMatchObject({
    ...{ kept: 4, stopped: 0, regret: 0, missing: [] },
    ...{ epochs: { recorded: 12, needed: 12 }, seconds: { recorded: 120, needed: 120 } },
  });
});

test('a pruner stops trials where it would have, and what that saves and costs is counted', () => {
  const { trials, ...summary } = whatIf({ ...rules, pruner: asha }, record);
  expect(trials.map(({ state, losses }) => [state, losses.length])).toEqual([
    ...[
      ['complete', 3],
      ['pruned', 1],
      ['complete', 3],
      ['pruned', 1],
    ],
  ]);
  expect(trials[1]?.reason).toBe('loss 0.9 is not among the best 1 of 2 trials after epoch 1, which end at 0.5');
  expect(summary).toMatchObject({
    ...{ kept: 2, stopped: 2, epochs: { recorded: 12, needed: 8 }, seconds: { recorded: 120, needed: 80 } },
    ...{ best: { loss: 0.3 }, bestOnRecord: { loss: 0.1 }, missing: [] },
  });
  expect(summary.regret).toBeCloseTo(0.2);
});

test('what is not on record is named, and not guessed', () => {
  const { missing, decisions } = whatIf({ ...rules, pruner: asha }, record.slice(0, 1));
  expect(missing).toEqual(['x=1, seed 1: not on record']);
  expect(decisions.map(({ kind }) => kind)).toEqual(['propose', 'propose']);
});

test('a trial that was stopped on record is known until there only', () => {
  const stopped = [...record.slice(0, 2), result(2, [0.4], { outcome: 'pruned' }), ...record.slice(3)];
  expect(whatIf(rules, stopped).missing).toEqual(['x=2, seed 1: was stopped after epoch 1']);
  const early = createPruner('threshold', { upper: 0.45 });
  expect(
    whatIf({ ...rules, pruner: early }, [
      ...stopped.slice(0, 2),
      result(2, [0.6], { outcome: 'pruned' }),
      ...record.slice(3),
    ]),
  ).toMatchObject({
    ...{ missing: [], stopped: 4, best: undefined, regret: undefined },
  });
});

test('seconds are not told where they are not on record; excused trials stay excused', () => {
  const untimed: RecordedResult = { assignment: new Map([['x', 0]]), seed: 1, losses: [0.5], outcome: 'excused' };
  expect(whatIf(rules, [untimed, ...record.slice(1)])).toMatchObject({ kept: 3, seconds: undefined, missing: [] });
});
