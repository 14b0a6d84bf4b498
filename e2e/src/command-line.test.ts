/** `weft train` and `weft resume` with a local cluster of their own. */
import process from 'node:process';
import { expect, test } from 'vitest';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import type { ServiceProcess } from './harness/service-process.ts';

interface Line {
  readonly event: string;
  readonly runId?: string;
  readonly weightsDigest?: string;
  readonly cluster?: { readonly coordinator: { readonly pid: number }; readonly trainers: { readonly pid: number }[] };
}

const data = ['--dataset', 'synthetic-fashion', '--synthetic-train', '1000', '--synthetic-test', '200'];

function train(cluster: ClusterProcesses, trainers: number, epochs: number): ServiceProcess {
  const size = ['--trainers', String(trainers), '--epochs', String(epochs)];
  const argv = ['train', '--model', 'initial-nn', ...data, ...size, '--state-dir', cluster.stateDirectory, '--json'];
  return cluster.start(`weft train on ${String(trainers)}`, 'cli', argv);
}

function linesOf(command: ServiceProcess): Line[] {
  const lines = command.output.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Line);
}

function find(command: ServiceProcess, event: string): Line | undefined {
  return linesOf(command).find((line) => line.event === event);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test('weft train prints one digest on 1 and on 2 trainers', async () => {
  const cluster = await ClusterProcesses.open();
  const digests: (string | undefined)[] = [];
  for (const trainers of [1, 2]) {
    const command = train(cluster, trainers, 2);
    expect(await command.untilExit()).toEqual({ code: 0, signal: null });
    digests.push(find(command, 'result')?.weightsDigest);
  }
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(digests[1]).toBe(digests[0]);
});

test('Ctrl-C leaves no process behind, and weft resume ends with the same digest', async () => {
  const cluster = await ClusterProcesses.open();
  const whole = train(cluster, 1, 30);
  expect(await whole.untilExit()).toEqual({ code: 0, signal: null });

  const cut = train(cluster, 2, 30);
  await cut.untilOutput(/"event":"epoch"/);
  const { runId = '', cluster: processes } = linesOf(cut).find((line) => line.cluster !== undefined) ?? { event: '' };
  const pids = [processes?.coordinator, ...(processes?.trainers ?? [])].map((started) => started?.pid ?? 0);
  expect(pids).toHaveLength(3);
  cut.signal('SIGINT');
  expect(await cut.untilExit()).toEqual({ code: 130, signal: null });
  expect(pids.filter(isAlive)).toEqual([]);
  expect(cut.output).toContain(`weft resume ${runId}`);

  const resumed = cluster.start('weft resume', 'cli', [
    'resume',
    runId,
    '--state-dir',
    cluster.stateDirectory,
    '--json',
  ]);
  expect(await resumed.untilExit()).toEqual({ code: 0, signal: null });
  expect(find(resumed, 'result')?.weightsDigest).toBe(find(whole, 'result')?.weightsDigest);
});
