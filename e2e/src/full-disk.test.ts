/** A disk that fills up under a coordinator: the run ends with the reason, and goes on when there is space again. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunState } from '@weft/wire';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { describe, submit, train, untilEnded, untilFinished, untilRun } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';
import { canMount, mountSmallDisk } from './harness/small-disk.ts';

const mounts = canMount();
const remark = mounts ? '' : ' (skipped: this user may not mount a file system)';
const run = { model: 'initial-nn', epochs: 3, trainExamples: 500, testExamples: 100 } as const;
const ballastBytes = 900 * 1024;

test.skipIf(!mounts)(
  `a checkpoint that does not fit ends the run by name; with space it goes on${remark}`,
  async () => {
    // Before the processes: what was opened last is closed first.
    const disk = mountSmallDisk(1500);
    const cluster = await ClusterProcesses.open();
    const coordinator = await cluster.startCoordinator();
    cluster.startTrainer('trainer-1', coordinator);
    const configuration = await configurationOf(run);
    const { weightsDigest } = await train(coordinator, configuration);

    const small = await cluster.startCoordinator('--state-dir', disk);
    const ballast = join(disk, 'ballast');
    await writeFile(ballast, Buffer.alloc(ballastBytes));
    cluster.startTrainer('trainer-2', small);
    const runId = await submit(small, configuration);
    expect(await untilEnded(small, runId)).toMatchObject({
      state: RunState.FAILED,
      reason: expect.stringMatching(
        /cannot write the checkpoint \S+\.safetensors: ENOSPC.*free some space and resume/,
      ) as string,
    });
    await rm(ballast);
    await small.runs.resumeRun({ runId, minTrainers: 1 });
    expect((await untilFinished(small, runId)).weightsDigest).toBe(weightsDigest);
  },
);

test.skipIf(!mounts)(
  `a store that cannot take the end of a run ends the coordinator by name; with space it goes on${remark}`,
  async () => {
    // Before the processes: what was opened last is closed first.
    const disk = mountSmallDisk(6000);
    const cluster = await ClusterProcesses.open();
    const first = await cluster.startCoordinator('--state-dir', disk);
    cluster.startTrainer('trainer-1', first);
    // Long epochs: what is written next, after the disk is full, is the ledger, not a checkpoint.
    const long = { ...run, epochs: 5000, trainExamples: 5000, batchSize: 16 };
    const runId = await submit(first, await configurationOf(long));
    await untilRun(first, runId, ({ epochs }) => epochs.length >= 1);
    const ballast = join(disk, 'ballast');
    const fill = writeFile(ballast, Buffer.alloc(8192 * 1024));
    await expect(fill).rejects.toThrow(/ENOSPC/);
    expect(await first.process.untilExit()).toEqual({ code: 9, signal: null });
    expect(first.process.output).toMatch(/ERROR.*weft\.sqlite: .*free some space/);

    await rm(ballast);
    const second = await cluster.startCoordinator('--state-dir', disk, '--listen', first.address);
    const { epochs } = await describe(second, runId);
    await untilRun(second, runId, (now) => now.epochs.length > epochs.length);
  },
);

test.skipIf(!mounts)(`a store that cannot grow refuses the run with the reason${remark}`, async () => {
  // Before the processes: what was opened last is closed first.
  const disk = mountSmallDisk(1000);
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator('--state-dir', disk);
  const fill = writeFile(join(disk, 'ballast'), Buffer.alloc(1024 * 1024));
  await expect(fill).rejects.toThrow(/ENOSPC/);
  const refusal = submit(coordinator, await configurationOf(run));
  await expect(refusal).rejects.toMatchObject({
    code: 'resource-exhausted',
    message: expect.stringMatching(/weft\.sqlite: .*free some space/) as string,
  });
  const second = cluster.startCoordinatorProcess('--state-dir', join(disk, 'other'));
  expect(await second.untilExit()).toEqual({ code: 9, signal: null });
  expect(second.output).toMatch(/cannot write to the state directory \S+other: ENOSPC.*free some space/);
});
