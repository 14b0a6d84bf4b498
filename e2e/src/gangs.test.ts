/** Several runs at once, each on its own gang of trainers. */
import { expect, test } from 'vitest';
import { RunState, TransportSetting, type Run } from '@weft/wire';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import type { RunningCoordinator } from './harness/coordinator-process.ts';
import { describe, submit, train, untilRun } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

type Runs = Pick<RunningCoordinator, 'runs'>;

/** Goes on for as long as the test wants. */
const configuration = (epochs = 4000) =>
  configurationOf({ model: 'initial-nn', epochs, trainExamples: 1500, testExamples: 100 });

/** Which trainers work for each run. */
async function gangs({ runs }: Runs): Promise<Record<string, string[]>> {
  const { trainers } = await runs.getCluster({});
  const byRun: Record<string, string[]> = {};
  for (const { trainerId, runId } of trainers) byRun[runId] = [...(byRun[runId] ?? []), trainerId];
  return byRun;
}

/** Resolves when each of the runs has ended two more epochs, and has so many trainers at least. */
async function untilAllGoOn(coordinator: Runs, runIds: readonly string[], worldSize = 1): Promise<void> {
  for (const runId of runIds) {
    const { epochs } = await describe(coordinator, runId);
    const goesOn = (run: Run): boolean => run.epochs.length > epochs.length + 1 && run.worldSize >= worldSize;
    await untilRun(coordinator, runId, goesOn);
  }
}

test('runs side by side give up trainers for one that waits, lose some, survive the coordinator, and all come to their bytes', async () => {
  const cluster = await ClusterProcesses.open();
  const first = await cluster.startCoordinator();
  const trainers = [1, 2, 3, 4].map((rank) => cluster.startTrainer(`trainer-${String(rank)}`, first));
  const alone = await train(first, await configuration(10));
  const a = await submit(first, await configuration(), 4, 'a', TransportSetting.STAR);
  await untilRun(first, a, ({ worldSize }) => worldSize === 4);

  // Two are taken for the second run, and one for the third.
  const b = await submit(first, await configuration(), 2, 'b', TransportSetting.DIRECT);
  await untilRun(first, b, ({ worldSize }) => worldSize === 2);
  await untilRun(first, a, ({ worldSize }) => worldSize === 2);
  expect(await gangs(first)).toEqual({ a: ['trainer-1', 'trainer-2'], b: ['trainer-3', 'trainer-4'] });
  const c = await submit(first, await configuration(), 1, 'c');
  await untilRun(first, c, ({ worldSize }) => worldSize === 1);
  const [notice] = await first.process.untilOutput(/trainer trainer-\d left: run c is waiting for .*/);
  expect(notice).toMatch(/run c is waiting for 1 of 1 trainer/);
  await untilAllGoOn(first, [a, b, c]);
  expect(Object.keys(await gangs(first))).toEqual(['a', 'b', 'c']);

  // A fourth has to wait: nobody has more than it needs once one trainer is lost.
  trainers[0]?.signal('SIGKILL');
  await first.process.untilOutput(/trainer detached trainer=trainer-1/);
  const d = await submit(first, await configuration(), 1, 'd');
  const waiting = await untilRun(first, d, ({ reason }) => reason.startsWith('waiting for 1 of 1 trainer'));
  expect(waiting.state).toBe(RunState.QUEUED);
  await untilAllGoOn(first, [a, b, c]);

  await first.process.end();
  const second = await cluster.startCoordinator('--listen', first.address);
  await untilAllGoOn(second, [a, b, c]);
  expect((await describe(second, d)).epochs).toEqual([]);
  cluster.startTrainer('trainer-5', second);
  await untilAllGoOn(second, [d]);

  const seen: string[][] = [];
  for (const runId of [a, b, c, d]) await second.runs.cancelRun({ runId, reason: 'the test has seen enough' });
  for (const runId of [a, b, c, d]) {
    const { epochs } = await describe(second, runId);
    seen.push(epochs.map(({ weightsDigest }) => weightsDigest));
  }
  // The longest is held against what nothing happened to, and all others against it.
  const longest = seen.toSorted((x, y) => y.length - x.length)[0] ?? [];
  expect(longest.slice(0, 10)).toEqual(alone.epochDigests);
  for (const digests of seen) expect(digests).toEqual(longest.slice(0, digests.length));
});
