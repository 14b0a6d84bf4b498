/** Trainers that go, in every way in which a process can go: the others go on inside the same step, with the same bytes. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { ClusterProcesses } from '../harness/cluster-processes.ts';
import { chunksOfStep, LongRun } from './long-run.ts';

const hoarder = new URL('./hoarder.fixture.ts', import.meta.url).href;
const hangingEngine = new URL('./hanging-engine.fixture.ts', import.meta.url).href;

test.each(['star', 'direct'] as const)(
  'over %s, a trainer told to stop leaves with exit code 0, and at most hands back what it had not begun',
  async (transport) => {
    const cluster = await ClusterProcesses.open();
    const coordinator = await cluster.startCoordinator();
    const trainers = [1, 2, 3].map((rank) => cluster.startTrainer(`trainer-${String(rank)}`, coordinator));
    const run = await LongRun.begin(coordinator, 3, { transport });
    trainers[1]?.signal('SIGTERM');
    expect(await trainers[1]?.untilExit()).toEqual({ code: 0, signal: null });
    await coordinator.process.untilOutput(/trainer trainer-2 left: /);
    await coordinator.process.untilOutput(/trainer detached trainer=trainer-2 reason="it left: it was told to stop"/);
    await run.untilAtWork(2);
    await run.verify();
    const verdict = cluster.start('weft verify', 'cli', [
      'verify',
      run.runId,
      '--coordinator',
      coordinator.address,
      '--json',
    ]);
    await verdict.untilExit();
    // Over the star it leaves within a step: its chunks of that one step which it had not begun go to the two others, as second
    // attempts; a third of eight, or what it was given for its speed. Over direct it leaves between two steps.
    expect(verdict.output).toContain('"problem":null');
    const [, reassigned] = /"reassigned":(\d+)/.exec(verdict.output) ?? [];
    expect(Number(reassigned)).toBeLessThanOrEqual(transport === 'star' ? chunksOfStep / 2 : 0);
  },
);

test('a trainer killed for want of memory is lost at once, and the run goes on without it', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator('--heartbeat-timeout', '60s');
  cluster.preloads = [hoarder];
  const [victim] = [1, 2, 3].map((rank) => cluster.startTrainer(`trainer-${String(rank)}`, coordinator));
  const run = await LongRun.begin(coordinator, 3);
  // From now on the system gives it no more memory; a trainer in its stride needs none, so it is made to want some.
  execFileSync('prlimit', ['--pid', String(victim?.pid), '--as=1048576']);
  victim?.signal('SIGUSR2');
  const exit = await victim?.untilExit();
  expect(exit?.code).not.toBe(0);
  expect(victim?.output).toMatch(/out of memory|allocation failed/i);
  const [notice] = await coordinator.process.untilOutput(/trainer trainer-1 lost: .*/);
  // Trainer, cause, last sign of life, step, what was done and what to do.
  expect(notice).toMatch(/lost: its connection broke \(.*\), \d+ ms after its last sign of life; /);
  expect(notice).toMatch(/; (in epoch \d+, step \d+), while .*; its unfinished work goes to trainer-2, trainer-3; /);
  expect(notice).toMatch(/its log says why, and a trainer started in its place joins at the next step/);
  await run.untilAtWork(2);
  await run.verify();
});

test('a frozen trainer is lost by its silence; awake again it is fenced, and joins as a newcomer', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator('--heartbeat-timeout', '800ms');
  const trainers = [1, 2, 3].map((rank) => cluster.startTrainer(`trainer-${String(rank)}`, coordinator));
  const run = await LongRun.begin(coordinator, 3);
  trainers[2]?.signal('SIGSTOP');
  await coordinator.process.untilOutput(/trainer trainer-3 lost.*no heartbeat for \d+ ms, the limit is 800/);
  await run.untilAtWork(2);
  trainers[2]?.signal('SIGCONT');
  await trainers[2]?.untilOutput(
    /trainer-3: no heartbeat for \d+ ms, the limit is 800; it may attach again as a newcomer/,
  );
  await run.untilAtWork(3);
  await run.verify();
});

test('a trainer whose engine hangs in native code says so and ends itself, and the run goes on without it', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  cluster.preloads = [hangingEngine];
  const [victim] = [1, 2, 3].map((rank) =>
    cluster.startTrainer(`trainer-${String(rank)}`, coordinator, '--stall-timeout', '2s'),
  );
  const run = await LongRun.begin(coordinator, 3);
  victim?.signal('SIGUSR2');
  expect(await victim?.untilExit()).toEqual({ code: null, signal: 'SIGKILL' });
  expect(victim?.output).toMatch(
    /the engine does not return.*; a computation did not end within 2 s: the engine hangs, or needs a longer --stall-timeout/,
  );
  await coordinator.process.untilOutput(/trainer trainer-1 lost: its connection broke/);
  await run.untilAtWork(2);
  await run.verify();
});

test('with fewer than its least trainers a run pauses where it is, says so, and goes on when they come', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const trainers = [1, 2].map((rank) => cluster.startTrainer(`trainer-${String(rank)}`, coordinator));
  const run = await LongRun.begin(coordinator, 2, { minTrainers: 2 });
  trainers[1]?.signal('SIGKILL');
  const paused = await run.until(({ reason }) => reason.startsWith('paused, waiting for trainers: 1 of 2 ready'));
  cluster.startTrainer('trainer-3', coordinator);
  const { epochs } = await run.until(({ worldSize }) => worldSize === 2);
  expect(epochs).toHaveLength(paused.epochs.length);
  await run.untilAtWork(2);
  await run.verify();
});

test('when every trainer is lost the run says that it waits, and the next trainer goes on from the checkpoint', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const trainers = [1, 2].map((rank) => cluster.startTrainer(`trainer-${String(rank)}`, coordinator));
  const run = await LongRun.begin(coordinator, 2);
  for (const trainer of trainers) trainer.signal('SIGKILL');
  await coordinator.process.untilOutput(/no replica is left: the run goes back to its checkpoint at position \d+/);
  const { reason } = await run.until(({ worldSize }) => worldSize === 0);
  expect(reason).toMatch(/waiting for trainers: 0 of 1 ready/);
  cluster.startTrainer('trainer-3', coordinator);
  await run.untilAtWork(1);
  await run.verify();
});
