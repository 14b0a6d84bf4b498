import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeContext } from '../context.fixture.ts';
import { dispatch } from '../dispatch.ts';
import { isAlive } from '../local-cluster/process-wait.fixture.ts';
import { readStudyResults } from './follow-studies.ts';
import { createStudyFolder, findStudy } from './study-folder.ts';
import { withStudy } from './study-place.ts';
import type { StudyReporter } from './study-reporter.ts';
import { readStudy } from './study-source.ts';
import { keptSubmission, readSubmission, type Submission } from './submission-file.ts';
import { sweepLocally, type SweepOutcome, type WantedStudy } from './sweep-locally.ts';

let state = '';
const fixture = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const entries = {
  coordinator: fixture('./fake-study-coordinator.fixture.ts'),
  trainer: fixture('../local-cluster/sleeper.fixture.ts'),
};

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'weft-study-'));
});

afterEach(async () => {
  await rm(state, { recursive: true });
});

async function wanted(name: string, trainers = 1): Promise<WantedStudy> {
  const path = join(state, `${name}.yaml`);
  const data = '{ name: synthetic-fashion, train-examples: 100, test-examples: 10 }';
  const body = `settings: { batch-size: 50 }\nspace: { learning-rate: [0.1, 0.01] }\nbudget: { epochs: 2 }\ntrainers-per-trial: ${String(trainers)}\n`;
  await writeFile(path, `name: ${name}\ndata-set: ${data}\nmodel: initial-nn\n${body}`);
  const { definition, execution } = await readStudy(path, undefined, fakeContext().context);
  return { studyId: name, submission: { definition, execution } };
}

interface Swept {
  readonly outcome: Promise<SweepOutcome>;
  readonly events: string[];
  readonly pids: number[];
}

/** Sweeps in the folder `all`; `onEvent` sees what a reporter is told. */
async function sweep(
  studies: readonly WantedStudy[],
  onEvent: (event: string, surroundings: ReturnType<typeof fakeContext>) => void = () => undefined,
): Promise<Swept> {
  const surroundings = fakeContext();
  const events: string[] = [];
  const pids: number[] = [];
  const tell = (event: string): void => {
    events.push(event);
    onEvent(event, surroundings);
  };
  const reporter: StudyReporter = {
    begun: ({ studyId, phase }, processes) => {
      if (processes !== undefined) pids.push(processes.coordinator.pid, ...processes.trainers.map(({ pid }) => pid));
      tell(`begun ${studyId} ${phase}`);
    },
    study: ({ studyId, phase }) => tell(`study ${studyId} ${phase}`),
    trial: ({ studyId }, { trial, phase }) => tell(`trial ${studyId} ${String(trial)} ${phase}`),
    notice: (text) => tell(text),
    ended: ({ study, folder }) =>
      tell(`ended ${study.studyId} ${study.phase} ${folder === undefined ? '' : 'in a folder'}`),
    dropped: () => tell('dropped'),
  };
  const local = { trainers: 2 };
  const ids = studies.map(({ studyId }) => studyId);
  const record = { format: 1, studyIds: ids, local, createdAt: '2026-01-02' } as const;
  const folder = await createStudyFolder(state, 'all', record, {}).catch(
    async () => (await findStudy(state, 'all')).folder,
  );
  const outcome = sweepLocally({ folder, local, studies, entries }, reporter, surroundings.context);
  await outcome.catch(() => undefined);
  return { outcome, events, pids };
}

test('studies of one folder run together, are told from begin to end, and leave no process', async () => {
  const { outcome, events, pids } = await sweep([await wanted('first'), await wanted('second')]);
  expect(await outcome).toMatchObject({
    kind: 'ended',
    studies: [{ study: { studyId: 'first', phase: 'finished' } }, { study: { studyId: 'second' }, trials: [{}, {}] }],
  });
  expect(events.slice(0, 2)).toEqual(['begun first running', 'begun second running']);
  expect(events).toEqual(
    expect.arrayContaining(['trial first 0 complete', 'trial second 1 complete', 'a trainer is lost']),
  );
  expect(events.slice(-2)).toEqual(['ended first finished in a folder', 'ended second finished in a folder']);
  expect(new Set(pids).size).toBe(3);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('an interrupted study is kept, asked without trainers, and gone on with', async () => {
  const study = await wanted('wait-a');
  const { outcome, events, pids } = await sweep([study], (event, { stop }) => {
    if (event === 'study wait-a running') stop.abort('SIGINT');
  });
  expect(await outcome).toEqual({ kind: 'stopped' });
  expect(events.at(-1)).toBe('dropped');
  expect(pids.filter(isAlive)).toEqual([]);

  const place = { coordinator: undefined, stateDir: state, entries };
  const { context } = fakeContext();
  const paused = await withStudy(place, 'wait-a', context, async ({ client, signal, attended, folder }) => {
    expect([attended, folder?.path]).toEqual([false, join(state, 'studies', 'all')]);
    await client.pauseStudy({ studyId: 'wait-a' }, { signal });
    return readStudyResults(client, 'wait-a', signal);
  });
  expect(paused.study).toMatchObject({ phase: 'paused', counts: { running: 2 } });

  const again = await sweep([{ studyId: 'wait-a' }], (event, { stop }) => {
    if (event === 'study wait-a running') stop.abort('SIGINT');
  });
  // What was paused was resumed.
  expect(again.events[0]).toBe('begun wait-a running');
});

test('while a process has the folder its coordinator is asked', async () => {
  const place = { coordinator: undefined, stateDir: state, entries };
  const answers: string[] = [];
  const { outcome } = await sweep([await wanted('wait-b')], (event, { context, stop }) => {
    if (event !== 'study wait-b running') return;
    void withStudy(place, 'wait-b', context, async ({ client, signal, attended }) => {
      const { study } = await readStudyResults(client, 'wait-b', signal);
      answers.push(`${study.phase} ${String(attended)}`);
    })
      .catch((thrown: unknown) => answers.push(String(thrown)))
      .finally(() => stop.abort('SIGTERM'));
  });
  await outcome;
  expect(answers).toEqual(['running true']);
});

test('a study that needs more trainers than there are is refused, not waited for', async () => {
  const { outcome, pids } = await sweep([await wanted('wide', 3)]);
  await expect(outcome).rejects.toThrow('study wide: a trial needs 3 trainers, but there are 2; give --trainers 3');
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a coordinator that leaves before the end is an error, and nothing is left', async () => {
  const { outcome, events, pids } = await sweep([await wanted('leave'), await wanted('wait-c')]);
  await expect(outcome).rejects.toThrow('the coordinator ended the connection before study leave was over');
  expect(events.at(-1)).toBe('dropped');
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a study that its coordinator has goes on, whatever became of what was submitted', async () => {
  const interrupt = (event: string, { stop }: ReturnType<typeof fakeContext>): void => {
    if (event === 'study wait-d running') stop.abort('SIGINT');
  };
  await sweep([await wanted('wait-d')], interrupt);
  const { folder } = await findStudy(state, 'wait-d');
  await mkdir(join(folder.path, 'submissions'));
  await writeFile(join(folder.path, 'submissions', 'wait-d.json'), '{"definition":');
  const kept = (): Promise<Submission> => keptSubmission(folder, 'wait-d');
  const { outcome, events } = await sweep([{ studyId: 'wait-d', kept }], interrupt);
  expect(await outcome).toEqual({ kind: 'stopped' });
  expect(events[0]).toBe('begun wait-d running');
});

test('a study that its coordinator does not have is begun with what is kept of it', async () => {
  const { submission } = await wanted('kept');
  if (submission === undefined) throw new Error('it was read from a file');
  const { outcome } = await sweep([{ studyId: 'kept', kept: () => Promise.resolve(submission) }]);
  expect(await outcome).toMatchObject({ kind: 'ended', studies: [{ study: { studyId: 'kept', phase: 'finished' } }] });
});

test('a folder of studies is found by its name or that of a study, and keeps what is submitted', async () => {
  const record = { format: 1, studyIds: ['here'], local: { trainers: 1 }, createdAt: '' } as const;
  const { submission } = await wanted('here');
  if (submission === undefined) throw new Error('it was read from a file');
  const folder = await createStudyFolder(state, 'all', record, { here: submission });
  await expect(findStudy(state, 'hree')).rejects.toThrow(/there is no study hree in .*studies; did you mean here\?/);
  expect(await findStudy(state, 'here')).toEqual({ folder, record });
  await expect(createStudyFolder(state, 'all', record, {})).rejects.toThrow('go on with it by `weft sweep resume all`');
  expect(await readSubmission(folder, 'here')).toEqual(submission);
  expect(await readSubmission(folder, 'there')).toBeUndefined();
  await expect(keptSubmission(folder, 'there')).rejects.toThrow(
    /there\.json is missing; nothing of study there was begun/,
  );
  await writeFile(join(folder.path, 'submissions', 'here.json'), '{');
  await expect(readSubmission(folder, 'here')).rejects.toMatchObject({ code: 'corrupt' });
  await expect(keptSubmission(folder, 'here')).rejects.toThrow(
    'nothing of study here was begun; give `weft study` again',
  );
});

test.each(['submissions', 'study.json.new'])(
  'a sweep that cannot write %s leaves no study that cannot go on',
  async (name) => {
    const { context, err } = fakeContext({ workingDirectory: state });
    await wanted('lr');
    const path = join(state, 'studies', 'lr');
    const blocked = join(path, name);
    // A file where a folder is to be, and the other way round.
    await mkdir(name === 'submissions' ? path : blocked, { recursive: true });
    if (name === 'submissions') await writeFile(blocked, '');
    const code = await dispatch(['sweep', 'lr.yaml', '--study-id', 'lr', '--state-dir', state], '1', context);
    expect([code, err()]).toEqual([
      10,
      expect.stringMatching(/^error: cannot write to .*; make it writable, or choose/),
    ]);
    await expect(findStudy(state, 'lr')).rejects.toMatchObject({ code: 'not-found' });

    await rm(blocked, { recursive: true });
    const { submission } = await wanted('lr');
    if (submission === undefined) throw new Error('it was read from a file');
    const record = { format: 1, studyIds: ['lr'], local: { trainers: 1 }, createdAt: '' } as const;
    const folder = await createStudyFolder(state, 'lr', record, { lr: submission });
    expect(await keptSubmission(folder, 'lr')).toEqual(submission);
    expect((await readdir(path)).sort()).toEqual(['study.json', 'submissions']);
  },
);
