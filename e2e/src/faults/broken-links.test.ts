/** Connections that break, fall silent or dawdle while the processes at both ends live. */
import { expect, onTestFinished, test } from 'vitest';
import { ClusterProcesses } from '../harness/cluster-processes.ts';
import type { RunningCoordinator } from '../harness/coordinator-process.ts';
import { Gate } from '../harness/gate.ts';
import { LongRun } from './long-run.ts';

async function gateBefore(coordinator: RunningCoordinator): Promise<Gate> {
  const gate = await Gate.before(coordinator.address);
  onTestFinished(() => gate.end());
  return gate;
}

test('a trainer whose connection is cut is lost at once, one whose connection is half-open by its silence; both join again', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator('--heartbeat-timeout', '2s');
  const gate = await gateBefore(coordinator);
  cluster.startTrainer('near', coordinator);
  const far = cluster.startTrainer('far', gate);
  const run = await LongRun.begin(coordinator, 2);
  gate.cut();
  await coordinator.process.untilOutput(/trainer far lost.*its connection broke/);
  await far.untilOutput(/detached; trying again reason=/);
  await run.untilAtWork(2);

  gate.fallSilent();
  await coordinator.process.untilOutput(/trainer far lost.*no heartbeat for \d+ ms, the limit is 2000/);
  await run.untilAtWork(1);
  gate.cut();
  await run.untilAtWork(2);
  await run.verify();
});

test('a slow link slows the run down and changes nothing else', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const gate = await gateBefore(coordinator);
  gate.slowDown({ delayMs: 10, bytesPerSecond: 10_000_000 });
  cluster.startTrainer('near', coordinator);
  cluster.startTrainer('far', gate);
  const run = await LongRun.begin(coordinator, 2);
  await run.untilAtWork(2);
  await run.verify();
  expect(coordinator.process.output).not.toMatch(/ lost/);
});
