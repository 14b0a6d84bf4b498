/** What `weft sweep whatif` says of a recorded study is what happens where it is really run. */
import { recordedResults, rulesOf } from '@weft/studies';
import { whatIf } from '@weft/tuning';
import { create, MethodSchema, StudyDefinitionSchema, TrialState } from '@weft/wire';
import { afterEach, expect, test } from 'vitest';
import { StandingCluster } from './harness/standing-cluster.ts';
import { submitStudy, untilStudyEnded } from './studies/followed-study.ts';
import { smallGrid } from './studies/small-study.ts';

const limitMs = 90_000;
let cluster: StandingCluster | undefined;

afterEach(async () => {
  await cluster?.end();
});

test('a recorded grid says which trials ASHA would stop, and when; really run on two trainers, ASHA stops the same for the same reasons', async () => {
  const standing = await StandingCluster.open({ gated: false });
  cluster = standing;
  await standing.fill(2);
  const size = {
    learningRates: [1, 0.1, 0.01, 0.001],
    batchSizes: [32, 64],
    optimizers: ['sgd'],
    trialSeeds: [1n],
    epochs: 4,
    trainExamples: 600,
  } as const;
  const grid = create(StudyDefinitionSchema, await smallGrid(size));
  const coordinator = (): typeof standing.coordinator => standing.coordinator;
  await submitStudy(coordinator(), 'full', grid, {});
  const full = await untilStudyEnded(coordinator, 'full', limitMs);
  const halving = create(StudyDefinitionSchema, await smallGrid(size));
  halving.pruner = create(MethodSchema, { name: 'asha', settings: { minEpochs: 1, reductionFactor: 2 } });
  halving.concurrency = 3;
  const answer = whatIf(rulesOf(halving), recordedResults(grid, full.trials));
  await submitStudy(coordinator(), 'halving', halving, {});
  const real = await untilStudyEnded(coordinator, 'halving', limitMs);
  const foreseen = answer.trials.map(({ state, losses, reason = '' }) => [state === 'pruned', losses.length, reason]);
  const seen = real.trials.map(({ state, epochs, reason }) => {
    const isPruned = state === TrialState.PRUNED;
    return [isPruned, epochs.length, isPruned ? reason : ''];
  });
  expect(seen).toEqual(foreseen);
  expect(answer.missing).toEqual([]);
  expect(answer.stopped).toBeGreaterThan(0);
  expect(answer.epochs.needed).toBeLessThan(answer.epochs.recorded);
});
