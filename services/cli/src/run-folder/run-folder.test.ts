import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { someEpoch, someResult, someStatus } from '../run/figures.fixture.ts';
import { createRunFolder, findRun, listRecords, lockRun, readRecord, runFolder, writeRecord } from './run-folder.ts';
import { withEpoch, type RunRecord } from './run-record.ts';
import { stateDirectory } from './state-directory.ts';

let state = '';

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'weft-state-'));
});

afterEach(async () => {
  await rm(state, { recursive: true });
});

/** No process has this number: it is above the system's greatest. */
const nobody = 2 ** 30;

const record = (runId: string, change: Partial<RunRecord> = {}): RunRecord => ({
  format: 1,
  ...{ status: { ...someStatus, runId }, phase: 'running', local: { trainers: 2 } },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z', epochs: [someEpoch] },
  ...change,
});

test('a record is read as it was written', async () => {
  const folder = await createRunFolder(state, 'a');
  const written = record('a', { phase: 'finished', result: someResult });
  await writeRecord(folder, written);
  expect(await readRecord(folder)).toEqual(written);
});

test('a run that is not over and that no process works on is interrupted', async () => {
  const folder = await createRunFolder(state, 'a');
  await writeRecord(folder, record('a'));
  expect((await readRecord(folder))?.phase).toBe('interrupted');
  const release = await lockRun(folder, process.pid);
  expect((await readRecord(folder))?.phase).toBe('running');
  await release();
  expect((await readRecord(folder))?.phase).toBe('interrupted');
});

test('a run has one process at a time, and a lock outlives its process by nothing', async () => {
  const folder = await createRunFolder(state, 'a');
  const release = await lockRun(folder, process.pid);
  await expect(lockRun(folder, nobody)).rejects.toThrow(`process ${String(process.pid)} works on this run`);
  await release();
  await lockRun(folder, nobody);
  const again = await lockRun(folder, process.pid);
  expect(await readFile(folder.lock, 'utf8')).toBe(String(process.pid));
  await again();
});

test('a name that is taken is refused with the way to go on; one that never began is free', async () => {
  const folder = await createRunFolder(state, 'a');
  await expect(createRunFolder(state, 'a')).resolves.toEqual(folder);
  await writeRecord(folder, record('a'));
  await expect(createRunFolder(state, 'a')).rejects.toThrow('go on with it by `weft resume a`');
});

test('runs are listed the newest first', async () => {
  for (const [runId, createdAt] of [
    ['old', '2026-01-01T00:00:00.000Z'],
    ['new', '2026-01-03T00:00:00.000Z'],
    ['mid', '2026-01-02T00:00:00.000Z'],
  ] as const) {
    await writeRecord(await createRunFolder(state, runId), record(runId, { createdAt }));
  }
  await createRunFolder(state, 'empty');
  expect((await listRecords(state)).map(({ status }) => status.runId)).toEqual(['new', 'mid', 'old']);
  expect(await listRecords(join(state, 'nowhere'))).toEqual([]);
});

test('a run that does not exist is not found, with the nearest one', async () => {
  await createRunFolder(state, 'initial-nn-1');
  await expect(findRun(state, 'inital-nn-1')).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('did you mean initial-nn-1?') as string,
  });
});

test('a record that is no JSON is called corrupt by its path', async () => {
  const folder = await createRunFolder(state, 'a');
  await writeFile(folder.record, '{');
  await expect(readRecord(folder)).rejects.toMatchObject({
    code: 'corrupt',
    message: expect.stringContaining(folder.record) as string,
  });
});

test('a state directory that cannot be one is named, with what to do', async () => {
  const file = join(state, 'file');
  await writeFile(file, '');
  await expect(createRunFolder(file, 'a')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringMatching(/cannot write to .*file: .*--state-dir/) as string,
  });
});

test('an epoch that comes again takes the place of itself and of all later ones', () => {
  const at = (epoch: number): typeof someEpoch => ({ ...someEpoch, epoch });
  const numbers = withEpoch([at(1), at(2), at(3)], at(2)).map(({ epoch }) => epoch);
  expect(numbers).toEqual([1, 2]);
});

test.each([
  ['given', {}, '/here/given'],
  [undefined, { XDG_STATE_HOME: '/xdg' }, '/xdg/weft'],
  [undefined, { XDG_STATE_HOME: 'relative' }, '/home/me/.local/state/weft'],
  [undefined, {}, '/home/me/.local/state/weft'],
])('with --state-dir %j and %j runs are kept in %s', (given, environment, directory) => {
  expect(stateDirectory(given, { environment, homeDirectory: '/home/me', workingDirectory: '/here' })).toBe(directory);
});

test('the paths of a run lie in one folder', () => {
  const { path, ...inside } = runFolder('/state', 'a');
  expect(path).toBe('/state/runs/a');
  for (const below of Object.values(inside)) expect(below.startsWith(`${path}/`)).toBe(true);
});
