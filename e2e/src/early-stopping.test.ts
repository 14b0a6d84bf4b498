/** Runs that end before their last epoch: after the same one, whoever computes and whoever is lost. */
import { expect, test } from 'vitest';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { submit, train, untilFinished, untilRun } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

/** The loss of every epoch falls by less than this allows, but for the first ones. */
const earlyStopping = { monitor: 'loss', patience: 2, minDelta: 0.05 };

async function watched(epochs: number) {
  return { ...(await configurationOf({ model: 'initial-nn', epochs })), earlyStopping };
}

test('a run ends early on 1 and 2 trainers and after a coordinator was lost, with the same epochs, bytes and words', async () => {
  const cluster = await ClusterProcesses.open();
  const first = await cluster.startCoordinator();
  const configuration = await watched(200);
  cluster.startTrainer('trainer-1', first);
  const alone = await train(first, configuration, 1);
  const epochs = alone.run.epochs.length;
  expect(epochs).toBeLessThan(200);
  expect(alone.run.reason).toMatch(
    new RegExp(`^stopped early after epoch ${String(epochs)}: loss has not improved by more than 0.05 since epoch`),
  );
  expect(alone.run.result?.testLoss).toBeGreaterThan(0);

  cluster.startTrainer('trainer-2', first);
  const runId = await submit(first, configuration, 2);
  // Within the patience of the run.
  await untilRun(first, runId, (run) => run.epochs.length >= epochs - 2);
  await first.process.end();
  const second = await cluster.startCoordinator('--listen', first.address);
  const again = await untilFinished(second, runId);
  expect(again.epochDigests).toEqual(alone.epochDigests);
  expect(again.run.reason).toBe(alone.run.reason);
  expect(again.run.result?.testLoss).toBe(alone.run.result?.testLoss);

  const verify = cluster.start('weft verify', 'cli', ['verify', runId, '--json', '--coordinator', second.address]);
  expect(await verify.untilExit()).toEqual({ code: 0, signal: null });
  expect(verify.output).toContain(`"epochs":${String(epochs)}`);
  expect(verify.output).toContain(`"stoppedEarly":"${alone.run.reason}"`);
  const beyond = String(epochs * Math.ceil(2700 / 128));
  const replay = cluster.start('weft replay', 'cli', [
    'replay',
    runId,
    '--step',
    beyond,
    '--coordinator',
    second.address,
  ]);
  expect(await replay.untilExit()).toEqual({ code: 2, signal: null });
  expect(replay.output).toContain(`--step: ${beyond} must be below ${beyond}`);
});
