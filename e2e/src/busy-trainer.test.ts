/** A trainer whose work thread computes for longer than it may be silent: its main thread speaks for it. */
import { expect, test } from 'vitest';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { train } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

const heartbeatTimeoutMs = 400;

test('heartbeats go out during a step of VGG-16 that takes longer than the heartbeat timeout', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator('--heartbeat-timeout', `${String(heartbeatTimeoutMs)}ms`);
  cluster.startTrainer('trainer-1', coordinator);
  // One epoch of one step of one chunk: nothing is reported while it is computed.
  const { run } = await train(
    coordinator,
    await configurationOf({
      ...{ model: 'vgg16', epochs: 1, optimizer: 'sgd' },
      ...{ trainExamples: 80, testExamples: 10, batchSize: 72, chunkSize: 72 },
    }),
  );
  expect(run.totalSteps).toBe(1n);
  // That the thread was busy for so long is the condition under which the rest shows something.
  expect(1000 * (run.epochs[0]?.seconds ?? 0)).toBeGreaterThan(heartbeatTimeoutMs);
  expect(run.generation).toBe(1n);
  expect(coordinator.process.output).not.toMatch(/trainer-1 .*lost/);
});
