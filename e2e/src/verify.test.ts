/** `weft verify`: what a run has left is found right, with a coordinator and without, and any change to it is found. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { TransportSetting } from '@weft/wire';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { submit, untilFinished, untilRun } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';
import type { ProcessExit } from './harness/service-process.ts';

interface Verdict {
  readonly event: string;
  readonly problem: { readonly position: number; readonly reason: string } | null;
  readonly lines: number;
  readonly trainers: readonly string[];
  readonly ledgerDigest: string;
}

const done: ProcessExit = { code: 0, signal: null };
const corrupt: ProcessExit = { code: 7, signal: null };

async function verify(cluster: ClusterProcesses, ...argv: string[]): Promise<{ exit: ProcessExit; verdict: Verdict }> {
  const command = cluster.start('weft verify', 'cli', ['verify', ...argv, '--json']);
  const exit = await command.untilExit();
  const line = command.output.split('\n').find((text) => text.startsWith('{')) ?? '{}';
  return { exit, verdict: JSON.parse(line) as Verdict };
}

test.each(['STAR', 'DIRECT'] as const)(
  '%s: a run that lost a trainer is verified by its coordinator, and without one; a changed line is named',
  async (transport) => {
    const cluster = await ClusterProcesses.open();
    const coordinator = await cluster.startCoordinator();
    const configuration = await configurationOf({ model: 'initial-nn', epochs: 8, trainExamples: 1000 });
    const trainers = ['a', 'b'].map((id) => cluster.startTrainer(id, coordinator));
    const runId = await submit(coordinator, configuration, 2, '', TransportSetting[transport]);
    await untilRun(coordinator, runId, ({ epochs }) => epochs.length >= 1);
    trainers[1]?.signal('SIGKILL');
    const { run } = await untilFinished(coordinator, runId);
    const state = ['--state-dir', cluster.stateDirectory];

    // 900 training examples in batches of 128: 8 steps an epoch.
    const sound = { event: 'verified', problem: null, lines: 64, trainers: ['a', 'b'] };
    const expected = { exit: done, verdict: { ...sound, ledgerDigest: run.result?.ledgerDigest } };
    expect(await verify(cluster, runId, '--coordinator', coordinator.address)).toMatchObject(expected);
    // The store is in use: whoever has it open is asked.
    expect(await verify(cluster, runId, ...state)).toMatchObject(expected);
    coordinator.process.signal('SIGTERM');
    expect(await coordinator.process.untilExit()).toEqual(done);
    expect(await verify(cluster, runId, ...state)).toMatchObject(expected);
    const spoken = cluster.start('weft verify', 'cli', ['verify', runId, ...state]);
    expect(await spoken.untilExit()).toEqual(done);
    expect(spoken.output).toContain('900 of 900 examples once in each of 8 epochs');

    const store = new DatabaseSync(join(cluster.stateDirectory, 'weft.sqlite'));
    store.exec('UPDATE ledger SET line = replace(line, \'"a"\', \'"c"\') WHERE position = 21');
    store.close();
    const found = await verify(cluster, runId, ...state);
    expect(found).toMatchObject({ exit: corrupt, verdict: { lines: 21, problem: { position: 21 } } });
    expect(found.verdict.problem?.reason).toMatch(/the chain is broken/);
  },
);

test('a run that is not there is named with the places that were looked at', async () => {
  const cluster = await ClusterProcesses.open();
  const command = cluster.start('weft verify', 'cli', ['verify', 'nothing', '--state-dir', cluster.stateDirectory]);
  expect(await command.untilExit()).toEqual({ code: 3, signal: null });
  expect(command.output).toMatch(/there is no run nothing in .*; give --state-dir, or --coordinator/);
});
