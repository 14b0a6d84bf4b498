/** `weft replay`: steps of a run on two trainers, computed again by one process, are those of the ledger; and NaN has a cause. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { RunState } from '@weft/wire';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { submit, train, untilEnded } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

interface Replay {
  readonly from: number;
  readonly steps: number;
  readonly remark: string | null;
  readonly asked: { readonly loss: number | null; readonly equal: boolean } | null;
  readonly firstDifference: { readonly position: number } | null;
  readonly blame: {
    readonly parametersFinite: boolean;
    readonly examples: readonly { readonly example: number; readonly gradientNorm: number | null }[];
  } | null;
}

async function replay(cluster: ClusterProcesses, code: number, ...argv: string[]): Promise<Replay> {
  const command = cluster.start('weft replay', 'cli', ['replay', ...argv, '--json']);
  expect(await command.untilExit()).toEqual({ code, signal: null });
  return JSON.parse(command.output.split('\n').find((line) => line.startsWith('{')) ?? '{}') as Replay;
}

test('steps of a dropout network are computed again from a checkpoint and from the seed, with equal bits', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator('--keep-checkpoints', '2');
  // 270 training examples in batches of 64: 5 steps an epoch.
  const small = { epochs: 4, trainExamples: 300, testExamples: 100, batchSize: 64 };
  for (const id of ['a', 'b']) cluster.startTrainer(id, coordinator);
  const configuration = await configurationOf({ model: 'dropout-ann', ...small });
  const { run } = await train(coordinator, configuration, 2);
  const { runId } = run;
  const state = ['--state-dir', cluster.stateDirectory];
  const equal = { asked: { equal: true }, firstDifference: null };
  expect(await replay(cluster, 0, runId, '--step', '17', ...state)).toMatchObject({ ...equal, from: 15, steps: 3 });
  coordinator.process.signal('SIGTERM');
  await coordinator.process.untilExit();
  const early = await replay(cluster, 0, runId, '--step', '7', ...state);
  expect(early).toMatchObject({ ...equal, from: 0, steps: 8, remark: 'none that old is kept' });

  const store = new DatabaseSync(join(cluster.stateDirectory, 'weft.sqlite'));
  store.exec(
    "UPDATE ledger SET line = substr(line, 1, length(line) - 66) || printf('%064d', 0) || '\"]' WHERE position = 16",
  );
  store.close();
  const changed = await replay(cluster, 7, runId, '--step', '17', ...state);
  expect(changed).toMatchObject({ asked: { equal: true }, firstDifference: { position: 16 } });
});

test('a step that cannot be committed is reached, and examples behind it are named', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  cluster.startTrainer('a', coordinator);
  const sound = await configurationOf({ model: 'initial-nn', epochs: 2, optimizer: 'sgd', trainExamples: 300 });
  const runId = await submit(coordinator, { ...sound, optimizer: { name: 'sgd', learningRate: 3e38 } });
  const { state, reason } = await untilEnded(coordinator, runId);
  expect(state).toBe(RunState.DIVERGED);
  // 270 training examples in batches of 128: 3 steps an epoch.
  const [, epoch, step] = /not finite in epoch (\d+), step (\d+)/.exec(reason) ?? [];
  const position = (Number(epoch) - 1) * 3 + Number(step) - 1;
  const found = await replay(
    cluster,
    0,
    ...[runId, '--step', String(position), '--bisect', '--examples', '3', '--coordinator', coordinator.address],
  );
  expect(found).toMatchObject({ steps: position + 1, asked: { loss: null, equal: false } });
  expect(found.blame?.examples.length).toBe(3);
  // No number in JSON stands for infinity.
  expect(found.blame?.examples[0]?.gradientNorm).toBeNull();
});
