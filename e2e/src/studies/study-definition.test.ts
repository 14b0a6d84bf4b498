import { create, StudyExecutionSchema, StudyState } from '@weft/wire';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { execution, id, StudiesInFolder } from './studies-in-folder.ts';
import { resultTable } from '@weft/studies';
import { syntheticDefinition } from './study-cost.ts';

let world: StudiesInFolder;
beforeEach(() => {
  world = new StudiesInFolder();
});
afterEach(() => {
  world.remove();
});

const none = { moreCells: 0, moreTrialSeeds: [], epochs: 0 };

test('a study that gets more cells or more seeds goes on, and is the larger study from then on', () => {
  world.submit('random', 10);
  world.turns();
  world.studies.extend(id, { moreCells: 5, moreTrialSeeds: [], epochs: 0 });
  world.turns();
  world.studies.extend(id, { moreCells: 0, moreTrialSeeds: [7n], epochs: 0 });
  world.restart();
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 30, planned: 30, missing: 0 } });
  expect(new Set(world.trials.map(({ configurationDigest }) => configurationDigest)).size).toBe(30);
  expect(world.trials.filter(({ seed }) => seed === 7n)).toHaveLength(15);
});

test('a study that gets more cells than its space has ends again', () => {
  const definition = syntheticDefinition('grid', 9);
  definition.maxCells = 9;
  world.studies.submit(id, definition, execution);
  world.turns();
  world.studies.extend(id, { ...none, moreCells: 3 });
  world.restart();
  world.turns();
  const ended = { state: StudyState.FINISHED, counts: { complete: 9, missing: 0 } };
  expect(world.now).toMatchObject(ended);
  world.studies.extend(id, { ...none, moreTrialSeeds: [7n] });
  world.turns();
  world.restart();
  expect(world.now).toMatchObject({ ...ended, counts: { complete: 18, missing: 0 } });
});

test('a study that may have more cells than its space has misses none, also after a restart', () => {
  const definition = syntheticDefinition('grid', 9);
  definition.maxCells = 12;
  world.studies.submit(id, definition, execution);
  expect(world.now).toMatchObject({ counts: { planned: 9 } });
  world.turns();
  world.restart();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 9, planned: 9, missing: 0 } });
});

test('a study that gets more epochs has the table of one that had them from the start', () => {
  const longer = syntheticDefinition('asha', 12);
  if (longer.base !== undefined) longer.base.epochs = 9;
  world.studies.submit('longer', longer, execution);
  world.submit('asha', 12);
  world.turns();
  // Whoever extends it has not seen its end.
  world.restart();
  world.studies.extend(id, { ...none, epochs: 9 });
  world.turns(3);
  world.restart();
  expect(world.now.state).toBe(StudyState.RUNNING);
  world.turns();
  const { view } = world.studies.find('longer');
  const trials = Array.from({ length: view.trialCount }, (_, trial) => view.trial(trial));
  expect(world.table).toBe(resultTable(longer, trials));
});

test('a study whose time is over is closed once, and what was proposed goes on', () => {
  world.studies.submit(
    id,
    syntheticDefinition('random', 200),
    create(StudyExecutionSchema, { minTrainers: 1, maxAttempts: 2, maxSeconds: 2 }),
  );
  for (let second = 0; second < 10; second++) world.studies.tick(1);
  world.turns();
  expect(world.store.records(id).filter(({ kind }) => kind === 'closed')).toEqual([
    { kind: 'closed', reason: 'its 2 s are over' },
  ]);
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, reason: 'its 2 s are over', counts: { missing: 0 } });
});

test('a study whose time is over begins no more cells: it gets none, and no epochs, but more seeds of those that it has', () => {
  const limited = create(StudyExecutionSchema, { minTrainers: 1, maxAttempts: 2, maxSeconds: 2 });
  world.studies.submit(id, syntheticDefinition('random', 200), limited);
  world.turns(12);
  world.studies.tick(2);
  world.turns();
  const before = world.now;
  expect(before).toMatchObject({ state: StudyState.FINISHED, reason: 'its 2 s are over' });
  for (const extension of [{ moreCells: 5 }, { epochs: 9 }]) {
    expect(() => world.studies.extend(id, { ...none, ...extension })).toThrow(
      'max_seconds: 2 are over: no more cells can begin, but more seeds of those that there are',
    );
  }
  expect(world.now).toEqual(before);
  const cells = before.counts?.complete ?? 0;
  world.studies.extend(id, { ...none, moreTrialSeeds: [7n] });
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 2 * cells, missing: 0 } });
});

test('a study whose time was over when its coordinator stopped begins no more cells', () => {
  const limited = create(StudyExecutionSchema, { minTrainers: 1, maxAttempts: 2, maxSeconds: 2 });
  world.studies.submit(id, syntheticDefinition('random', 200), limited);
  world.turns(12);
  const { trialCount } = world.studies.find(id).view;
  // As if it had stopped between counting the time and closing the study.
  world.store.update(id, { seconds: 2 });
  world.restart();
  world.turns(1);
  world.restart();
  world.turns();
  expect(world.studies.find(id).view.trialCount).toBe(trialCount);
  expect(world.store.records(id).filter(({ kind }) => kind === 'closed')).toHaveLength(1);
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, reason: 'its 2 s are over' });
});

test('a study that a coordinator cannot execute fails by name; others go on', async () => {
  world.submit('random', 10);
  world.turns(3);
  const { definition } = world.studies.find(id).study;
  world.studies.submit('other', syntheticDefinition('grid', 4), execution);
  // As a coordinator of a later version has left it.
  world.store.update(id, {
    definition: { ...definition, sampler: { ...definition.sampler, name: 'oracle' } as never },
  });
  world.restart();
  world.turns();
  const failed = {
    studyId: id,
    state: StudyState.FAILED,
    reason: expect.stringContaining('sampler "oracle"') as string,
  };
  expect(await world.studies.all()).toMatchObject([failed, { studyId: 'other', state: StudyState.FINISHED }]);
  expect(() => world.studies.find(id)).toThrow(/study study cannot be read: sampler "oracle" must be one of grid/);
  world.restart();
  expect(await world.studies.all()).toMatchObject([failed, {}]);
  world.store.update(id, { definition });
  world.restart();
  expect(world.studies.resume(id)).toMatchObject({ state: StudyState.RUNNING });
  world.turns();
  expect(world.now).toMatchObject({ state: StudyState.FINISHED, counts: { complete: 10, missing: 0 } });
});

test('a study whose trials are none any more has failed, and keeps its results', () => {
  world.submit('grid', 4);
  world.turns(3);
  const { definition } = world.studies.find(id).study;
  const { base } = definition;
  if (base !== undefined)
    world.store.update(id, { definition: { ...definition, base: { ...base, chunkSize: 100_000 } } });
  world.restart();
  const reason = expect.stringMatching(/^it cannot be executed: chunk_size: 100000 must be/) as string;
  expect(world.now).toMatchObject({ state: StudyState.FAILED, reason, counts: { waiting: 4 } });
  expect(world.runner.open()).toEqual([]);
  expect(world.trials[0]?.epochs).toHaveLength(3);
  expect(() => world.studies.resume(id)).toThrow(/study study cannot be executed:\n {2}chunk_size: 100000/);
  expect(() => world.studies.retry(id, [])).toThrow(/no excused trials/);
});
