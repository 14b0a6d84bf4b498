/** What a coordinator left is damaged when the next one starts: the run goes back as far as it must, says so, and ends with the same bytes. */
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import type { RunningCoordinator } from './harness/coordinator-process.ts';
import { submit, train, untilRun } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

/** 900 training examples in batches of 128: 8 steps an epoch. */
const run = { model: 'initial-nn', epochs: 12, trainExamples: 1000 } as const;
const stepsPerEpoch = 8;

interface Interrupted {
  readonly cluster: ClusterProcesses;
  readonly runId: string;
  readonly weightsDigest: string;
  /** Files of the checkpoints, the newest last. */
  readonly checkpoints: string[];
}

const runId = 'damaged';
/** What a killed coordinator left; tests have copies of it. */
let left: string;
let weightsDigest: string | undefined;
beforeAll(async () => {
  left = await mkdtemp(join(tmpdir(), 'weft-left-'));
});
afterAll(() => rm(left, { recursive: true, force: true }));

/** A run whose coordinator and trainer were killed after some epochs; and what it must come to. */
async function interrupted(): Promise<Interrupted> {
  const cluster = await ClusterProcesses.open();
  weightsDigest ??= await interrupt(cluster);
  await cp(left, cluster.stateDirectory, { recursive: true });
  const directory = join(cluster.stateDirectory, 'runs', runId, 'checkpoints');
  const names = (await readdir(directory)).filter((name) => name.endsWith('.safetensors')).sort();
  // The kill may have come between a file and its record: nobody asks for such a file.
  const recorded = checkpointOf(cluster, runId);
  const checkpoints = names.map((name) => join(directory, name)).filter((file) => positionOf(file) <= recorded);
  return { cluster, runId, weightsDigest, checkpoints };
}

/** Lets a run be killed once for all tests. Gives what it must come to. */
async function interrupt(cluster: ClusterProcesses): Promise<string> {
  const first = await cluster.startCoordinator('--state-dir', left);
  const trainer = cluster.startTrainer('trainer-1', first);
  const whole = await train(first, await configurationOf(run));
  await submit(first, await configurationOf({ ...run, epochs: 2000 }), 1, runId);
  await untilRun(first, runId, ({ epochs }) => epochs.length >= 4);
  await Promise.all([first.process.end(), trainer.end()]);
  return whole.weightsDigest;
}

function checkpointOf(cluster: ClusterProcesses, runId: string): number {
  // Read-only: else closing it would move the log into the file.
  const store = new DatabaseSync(join(cluster.stateDirectory, 'weft.sqlite'), { readOnly: true });
  const row = store.prepare('SELECT checkpoint FROM runs WHERE run_id = ?').get(runId);
  store.close();
  return Number(row?.['checkpoint']);
}

/** Starts both again; the run must go back to where `reason` says, and go on to the epoch that the whole one ended with. */
async function goesOn(state: Interrupted, reason: RegExp): Promise<RunningCoordinator> {
  const { cluster, weightsDigest: wanted } = state;
  const second = await cluster.startCoordinator();
  cluster.startTrainer('trainer-2', second);
  const back = await untilRun(second, runId, (now) => reason.test(now.reason));
  expect(back.reason).toMatch(reason);
  await second.process.untilOutput(new RegExp(`WARN.*${reason.source}`));
  const { epochs } = await untilRun(second, runId, (now) => now.epochs.length >= run.epochs);
  expect(epochs.map(({ epoch }) => epoch)).toEqual(epochs.map((_, index) => index + 1));
  // An epoch's digest is that of the weights: two runs that differ in their epochs alone are equal as far as both go.
  expect(epochs[run.epochs - 1]?.weightsDigest).toBe(wanted);
  await second.runs.cancelRun({ runId, reason: 'the test has seen enough' });
  return second;
}

const positionOf = (file: string | undefined): number => Number(/step-(\d+)/.exec(file ?? '')?.[1]);

test('the newest checkpoint is cut short: the one before is used, and the ledger is whole at the end', async () => {
  const state = await interrupted();
  const [older, newest] = state.checkpoints.slice(-2);
  await truncate(newest ?? '', 1000);
  const [from, to] = [positionOf(newest), positionOf(older)].map(String);
  const recorded = new RegExp(
    `went back from position ${from ?? ''} to the checkpoint at position ${to ?? ''}: .*damaged`,
  );
  const second = await goesOn(state, recorded);
  const { exitCode } = await verified(state, second);
  expect(exitCode).toBe(0);
});

test('all checkpoints are gone: the run begins anew', async () => {
  const state = await interrupted();
  for (const file of state.checkpoints) await rm(file);
  await goesOn(state, /went back from position \d+ to the start: cannot read the checkpoint/);
});

test('a line at the end of the ledger was changed: the run goes back to the checkpoint before it', async () => {
  const state = await interrupted();
  const checkpoint = checkpointOf(state.cluster, state.runId);
  const store = new DatabaseSync(join(state.cluster.stateDirectory, 'weft.sqlite'));
  store
    .prepare("UPDATE ledger SET line = line || ' ' WHERE run_id = ? AND position = ?")
    .run(state.runId, checkpoint - 1);
  store.close();
  const [line, to] = [checkpoint - 1, checkpoint - stepsPerEpoch].map(String);
  const reason = `went back from position ${String(checkpoint)} to the checkpoint at position ${to ?? ''}: line ${line ?? ''} `;
  await goesOn(state, new RegExp(`${reason}of its ledger is damaged`));
});

test('the log of the store lost its end: the run goes on from what is whole', async () => {
  const state = await interrupted();
  const log = join(state.cluster.stateDirectory, 'weft.sqlite-wal');
  const { length } = await readFile(log);
  await truncate(log, Math.floor(length * 0.9));
  const second = await state.cluster.startCoordinator();
  state.cluster.startTrainer('trainer-2', second);
  const { epochs } = await untilRun(second, state.runId, (now) => now.epochs.length >= run.epochs);
  expect(epochs[run.epochs - 1]?.weightsDigest).toBe(state.weightsDigest);
});

test('a store that is no database any more is named, with what to do', async () => {
  const cluster = await ClusterProcesses.open();
  const first = await cluster.startCoordinator();
  await first.process.end();
  await writeFile(join(cluster.stateDirectory, 'weft.sqlite'), Buffer.alloc(8192, 7));
  await rm(join(cluster.stateDirectory, 'weft.sqlite-wal'), { force: true });
  const second = cluster.startCoordinatorProcess();
  expect(await second.untilExit()).toEqual({ code: 7, signal: null });
  expect(second.output).toMatch(/weft\.sqlite: .*the file is damaged: put back a copy, or move it away/);
});

async function verified(
  { cluster, runId }: Interrupted,
  { address }: RunningCoordinator,
): Promise<{ exitCode: number }> {
  const command = cluster.start('weft verify', 'cli', ['verify', runId, '--coordinator', address]);
  const { code } = await command.untilExit();
  return { exitCode: code ?? -1 };
}
