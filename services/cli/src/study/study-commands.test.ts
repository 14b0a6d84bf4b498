import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WeftError } from '@weft/core';
import { isStudyId } from '@weft/studies';
import {
  create,
  errorTable,
  startGrpcServer,
  StudyDefinitionSchema,
  StudySchema,
  StudyState,
  type RunningGrpcServer,
} from '@weft/wire';
import Ajv from 'ajv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeContext } from '../context.fixture.ts';
import { runOfReference } from '../export/model-reference.ts';
import { dispatch } from '../dispatch.ts';
import { fakeStudyService, type FakeStudies } from './fake-study-service.fixture.ts';
import { fakeTrialRuns } from './fake-trial-runs.fixture.ts';
import type { FollowedStudy } from './follow-studies.ts';
import { openStudyClient } from './study-client.ts';
import { exitCodeOfStudies, incompleteExitCode } from './study-exit-code.ts';
import { studyFigures, type StudyPhase } from './study-figures.ts';
import { failedText } from './study-lines.ts';
import { readStudy } from './study-source.ts';
import { ensureOn, type WantedStudy } from './sweep-locally.ts';
import { newStudyId } from './sweep-options.ts';

const kept: FakeStudies = { studies: new Map(), changes: [], keep: () => undefined };
let server: RunningGrpcServer;
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-sweep-'));
  server = await startGrpcServer({ listen: '127.0.0.1:0', services: [fakeStudyService(kept), fakeTrialRuns] });
  const head = 'data-set: { name: synthetic-fashion, train-examples: 100, test-examples: 10 }\nmodel: initial-nn\n';
  const batch = 'settings: { batch-size: 50 }\n';
  for (const name of ['done', 'wait', 'flawed', 'given-up', 'hopeless']) {
    const space = 'space: { optimizer: [sgd, adam] }\nbudget: { epochs: 2 }\n';
    await writeFile(join(folder, `${name}.yaml`), `name: ${name}\n${head}${batch}${space}`);
  }
  const half = 'space: { optimizer: [sgd] }\nbudget: { epochs: 1 }\nsettings: { batch-size: 25 }\n';
  await writeFile(join(folder, 'done-on-half.yaml'), `name: done\n${head.replace('100', '50')}${half}`);
  await writeFile(join(folder, 'bad.yaml'), `name: bad\n${head}seeds: 0\nspace: { batch-size: [0] }\n`);
  await writeFile(
    join(folder, 'unfit.yaml'),
    `name: bad\n${head}settings: { batch-size: 50, loss: binaryCrossentropy }\n`,
  );
  await writeFile(join(folder, 'large.yaml'), `name: bad\n${head}settings: { batch-size: 91 }\n`);
});

afterAll(async () => {
  await server.stop(100);
  await rm(folder, { recursive: true });
});

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { context, out, err } = fakeContext({ workingDirectory: folder });
  const code = await dispatch([...argv, '--coordinator', server.address], '1.2.3', context);
  return { code, out: out(), err: err() };
}

const schemaFile = new URL('../../../../docs/json-output.schema.json', import.meta.url);
const isJsonLine = new Ajv().compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);

test('a study is submitted, followed and summed up', async () => {
  const { code, out, err } = await run('sweep', 'done.yaml', '--study-id', 'one');
  expect([code, err]).toEqual([0, '']);
  const lines = out.split('\n');
  expect(lines[0]).toMatch(/^study one on the cluster at 127.0.0.1:\d+: 0 of 2 done, 2 running$/);
  expect(lines).toContain('  ! a trainer is lost');
  expect(lines).toContain('trial 1  complete  validation-accuracy 0.8000  optimizer adam, seed 1  2.0 s');
  expect(out).toMatch(/cell +validation-accuracy +test acc +trials\n.*\n +optimizer sgd +0.9000 +0.9000 +1 complete\n/);
  expect(out).toMatch(/best +validation-accuracy 0.9000 {2}\(optimizer sgd, seed 1\)/);
  expect(out).toMatch(/table digest +[0-9a-f]{64}\n$/);
});

test('for programs everything is a line that follows the schema', async () => {
  const { code, out } = await run('sweep', 'done.yaml', '--study-id', 'two', '--json');
  expect(code).toBe(0);
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string });
  for (const line of lines) expect(isJsonLine(line), JSON.stringify({ line, errors: isJsonLine.errors })).toBe(true);
  expect(lines.map(({ event }) => event)).toEqual([
    'study',
    'study',
    'notice',
    'trial',
    'trial',
    'study',
    'study-result',
  ]);
  expect(lines.at(-1)).toMatchObject({ studyId: 'two', phase: 'finished', counts: { complete: 2, missing: 0 } });
});

test('a study of another definition is neither followed nor resumed; the same one is, and is not submitted again', async () => {
  await run('sweep', 'done.yaml', '--study-id', 'taken');
  const first = kept.changes.length;
  const other = await run('sweep', 'done-on-half.yaml', '--study-id', 'taken');
  expect(other).toMatchObject({ code: 4, out: '' });
  expect(other.err).toBe(
    'error: study taken exists already, and is another one: it differs in budget.epochs, data-set, settings, space; ' +
      'choose another --study-id, or give `weft sweep resume taken` to follow the one that is there\n',
  );
  const paused = kept.studies.get('taken');
  if (paused !== undefined) kept.studies.set('taken', { ...paused, state: StudyState.PAUSED });
  expect((await run('sweep', 'done-on-half.yaml', '--study-id', 'taken')).code).toBe(4);
  expect(kept.changes.slice(first)).toEqual([]);
  expect((await run('sweep', 'done.yaml', '--study-id', 'taken')).code).toBe(0);
  expect(kept.changes.slice(first)).toEqual(['resumed']);
});

test('a study that somebody else submits at the same moment is compared too', async () => {
  const { context } = fakeContext({ workingDirectory: folder });
  const client = openStudyClient(server.address);
  const wanted = async (file: string): Promise<WantedStudy> => {
    const { definition, execution } = await readStudy(file, undefined, context);
    return { studyId: 'raced', submission: { definition, execution } };
  };
  let asked = 0;
  const late: typeof client.getStudy = (...call) =>
    asked++ === 0 ? Promise.reject(new WeftError('not-found', 'not yet')) : client.getStudy(...call);
  try {
    await run('sweep', 'done.yaml', '--study-id', 'raced');
    expect(await ensureOn({ ...client, getStudy: late }, await wanted('done.yaml'), context.stop)).toMatchObject({
      state: StudyState.FINISHED,
    });
    asked = 0;
    const other = ensureOn({ ...client, getStudy: late }, await wanted('done-on-half.yaml'), context.stop);
    await expect(other).rejects.toMatchObject({ code: 'already-exists' });
  } finally {
    client.close();
  }
});

test('ids that are made differ within a second too, and are ids whatever the name', () => {
  const now = new Date('2026-11-23T15:40:12.345Z');
  const names = ['lr', 'a'.repeat(48)];
  for (const name of names) {
    const ids = [newStudyId(name, now), newStudyId(name, now)];
    expect(ids.filter(isStudyId)).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  }
  expect(newStudyId('lr', now)).toMatch(/^lr-20261123-154012-[0-9a-f]{6}$/);
});

test.each([
  ['flawed', 11, [1], '  no result      trial 1 failed; to try it again: weft sweep retry ends-flawed\n'],
  ['given-up', 0, [], undefined],
  ['hopeless', 1, [0, 1], '  no result      trials 0, 1 failed; to try them again: weft sweep retry ends-hopeless\n'],
])('a study that is %s ends with exit code %i', async (name, code, failed, line) => {
  const ended = await run('sweep', `${name}.yaml`, '--study-id', `ends-${name}`);
  expect([ended.code, ended.err]).toEqual([code, '']);
  if (line === undefined) expect(ended.out).not.toContain('no result');
  else expect(ended.out).toContain(line);
  const json = await run('sweep', 'resume', `ends-${name}`, '--json');
  expect(json.code).toBe(code);
  const last = JSON.parse(json.out.trimEnd().split('\n').at(-1) ?? '') as object;
  expect(isJsonLine(last), JSON.stringify(isJsonLine.errors)).toBe(true);
  expect(last).toMatchObject({ event: 'study-result', phase: 'finished', failed });
});

test('the exit code of a study that lacks results is that of no failure, and goes after one that did not finish', () => {
  expect(Object.values(errorTable).map(({ exitCode }) => exitCode)).not.toContain(incompleteExitCode);
  const ended = (phase: StudyPhase, failed: readonly number[]): FollowedStudy => {
    const study = { ...studyFigures(create(StudySchema, { counts: { complete: 1, excused: failed.length } })), phase };
    return { study, definition: create(StudyDefinitionSchema), trials: [], costs: undefined, failed };
  };
  expect(exitCodeOfStudies([ended('finished', [])])).toBe(0);
  expect(exitCodeOfStudies([ended('finished', []), ended('finished', [3])])).toBe(incompleteExitCode);
  expect(exitCodeOfStudies([ended('finished', [3]), ended('cancelled', [])])).toBe(130);
  expect(exitCodeOfStudies([ended('finished', [3]), ended('failed', [])])).toBe(1);
});

test('of many failed trials the first are named', () => {
  const failed = Array.from({ length: 12 }, (_, trial) => trial);
  expect(failedText('lr', failed)).toBe(
    'trials 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 2 more failed; to try them again: weft sweep retry lr',
  );
});

test('everything that is wrong with a file is listed, with exit code 2', async () => {
  const { code, err } = await run('sweep', 'bad.yaml');
  expect(code).toBe(2);
  expect(err).toContain(
    'bad.yaml is no study that can run:\n  bad.yaml:4:8: seeds: 0 must be an integer from 1 to 1000\n',
  );
  expect(err).toContain('  bad.yaml:5:23: space.batch-size[0]: 0 must be an integer from 1 to 1000000\n');
  expect((await run('sweep', 'large.yaml')).err).toContain('batch_size: 91 must be at most the 90 training examples');
  const unfit =
    'model.loss: "binaryCrossentropy" must be categoricalCrossentropy: targets of synthetic-fashion are class';
  expect((await run('sweep', 'unfit.yaml')).err).toContain(unfit);
  expect((await run('sweep', 'none.yaml')).code).toBe(3);
});

test('status and results show the trials', async () => {
  await run('sweep', 'done.yaml', '--study-id', 'three');
  const status = await run('sweep', 'status', 'three');
  expect(status.out).toContain('study three finished: all cells are done\n  trials  2 of 2 done\n');
  expect(status.out).toMatch(/\n +0 +complete +2 +0.9000 +1 +optimizer sgd, seed 1\n/);
  const json = (await run('sweep', 'status', 'three', '--json')).out.trimEnd().split('\n');
  for (const line of json) expect(isJsonLine(JSON.parse(line)), line).toBe(true);
  expect(json.length).toBe(3);
  expect((await run('sweep', 'results', 'three')).out).toContain('optimizer adam');
  expect((await run('sweep', 'results', 'three', '--format', 'canonical')).out.split('\n')).toHaveLength(3);
  expect((await run('sweep', 'results', 'three', '--format', 'csv')).out).toContain('trial,cell,optimizer,seed,state');
  expect(JSON.parse((await run('sweep', 'results', 'three', '--format', 'json')).out)).toHaveLength(2);
  expect(await run('sweep', 'status', 'nowhere')).toMatchObject({ code: 3, err: 'error: there is no study nowhere\n' });
});

test('a report is written as a page and for programs, without pictures where the model cannot be had', async () => {
  await run('sweep', 'done.yaml', '--study-id', 'told');
  const { code, out, err } = await run('sweep', 'report', 'told', '--out', 'report');
  expect([code, out.trimEnd().split('\n')]).toEqual([
    0,
    ['html', 'md', 'csv', 'json'].map((ending) => join(folder, 'report', `told.${ending}`)),
  ]);
  expect(err).toContain('the best model could not be looked at');
  const page = readFileSync(join(folder, 'report', 'told.md'), 'utf8');
  expect(page).toContain('varies optimizer: sgd, adam');
  expect(page).toMatch(/the same for all: model initial-nn, batch-size 50, chunk-size 32, epochs 2/);
  expect(page).toContain('validation accuracy | 0.9000');
});

test('other rules are tried on what is on record', async () => {
  await run('sweep', 'done.yaml', '--study-id', 'asked');
  const { code, out } = await run('sweep', 'whatif', 'asked', '--pruner', 'threshold', '--set', 'upper=-0.85');
  expect(code).toBe(0);
  expect(out).toContain('with sampler grid, pruner threshold (');
  expect(out).toContain('  trials     1 kept, 1 stopped\n');
  expect(out).toContain('  lost       nothing');
  expect(out).toMatch(/\n +1 +1 +0.8000 {2}optimizer adam, seed 1 {2}/);
  const json = (await run('sweep', 'whatif', 'asked', '--json')).out;
  expect(isJsonLine(JSON.parse(json)), JSON.stringify(isJsonLine.errors)).toBe(true);
  expect(JSON.parse(json)).toMatchObject({ kept: 2, stopped: 0, regret: 0, missing: [] });
  const wrong = await run('sweep', 'whatif', 'asked', '--sampler', 'gird', '--set', 'x=1');
  expect(wrong).toMatchObject({ code: 2 });
  expect(wrong.err).toContain('sampler "gird" must be one of grid');
  expect(wrong.err).toContain('--set: there is no pruner to set anything of');
});

test('the model of a study is that of its best trial, or of the one that is named', async () => {
  await run('sweep', 'done.yaml', '--study-id', 'models');
  const place = { coordinator: server.address, stateDir: undefined };
  const { context } = fakeContext();
  expect(await runOfReference('models', place, context)).toMatchObject({ runId: 'run-0', place });
  expect(await runOfReference('models:1', place, context)).toMatchObject({ runId: 'run-1' });
  await expect(runOfReference('models:9', place, context)).rejects.toThrow('study models has no trial 9');
  expect(await runOfReference('no-study', place, context)).toEqual({ runId: 'no-study', place });
});

test('a study is paused, resumed, tried again, extended and cancelled', async () => {
  const { context, err, stop } = fakeContext({ workingDirectory: folder });
  const output = {
    write: (text: string) => (text.includes('study four') ? stop.abort('SIGINT') : undefined),
    isTerminal: false,
    columns: 80,
  };
  const argv = ['sweep', 'wait.yaml', '--study-id', 'four', '--coordinator', server.address];
  expect(await dispatch(argv, '1', { ...context, output })).toBe(130);
  expect(err()).toContain('left study four, which goes on; follow it with: weft sweep resume four --coordinator');
  const first = kept.changes.length;
  expect((await run('sweep', 'pause', 'four')).out).toContain('study four paused: paused\n  0 of 2 done, 2 running\n');
  await run('sweep', 'retry', 'four', '--trials', '3,4');
  await run('sweep', 'extend', 'four', '--cells', '2', '--seeds', '8,9', '--epochs', '7');
  expect((await run('sweep', 'cancel', 'four', '--reason', 'enough')).out).toContain('study four cancelled');
  expect(kept.changes.slice(first)).toEqual(['paused', 'retry 3,4', 'extend 2,8+9,7', 'cancelled: enough']);
  await run('sweep', 'done.yaml', '--study-id', 'five');
  expect(await run('sweep', 'pause', 'five')).toMatchObject({ code: 5, err: 'error: study five is finished\n' });
});
