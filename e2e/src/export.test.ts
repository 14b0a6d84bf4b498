/** `weft export` and `weft predict`: the model of a run that two processes trained, from its store and from its coordinator. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import { train } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';

interface Line {
  readonly event: string;
  readonly image?: string;
  readonly weightsDigest?: string;
  readonly classes?: readonly { readonly index: number; readonly probability: number }[];
  readonly label?: { readonly index: number };
}

async function weft(cluster: ClusterProcesses, code: number, ...argv: string[]): Promise<Line[]> {
  const command = cluster.start(`weft ${argv[0] ?? ''}`, 'cli', [...argv, '--json']);
  expect(await command.untilExit()).toEqual({ code, signal: null });
  const lines = command.output.split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as Line);
}

test('an exported model predicts what its run does, and as well as its result says', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  for (const id of ['a', 'b']) cluster.startTrainer(id, coordinator);
  const small = { epochs: 3, trainExamples: 600, testExamples: 100, batchSize: 64 };
  const { run } = await train(coordinator, await configurationOf({ model: 'dropout-ann', ...small }), 2);
  const { runId, result } = run;
  const path = (name: string): string => join(cluster.directory, name);
  const weightsDigest = result?.weightsDigest ?? '';
  expect(weightsDigest).toHaveLength(64);

  const remote = ['--coordinator', coordinator.address];
  expect(await weft(cluster, 0, 'export', runId, '-o', path('web'), ...remote)).toMatchObject([{ weightsDigest }]);
  coordinator.process.signal('SIGTERM');
  await coordinator.process.untilExit();
  const local = ['--state-dir', cluster.stateDirectory];
  expect(await weft(cluster, 0, 'export', runId, '-o', path('m.onnx'), ...local)).toMatchObject([{ weightsDigest }]);
  const before = await readFile(path('m.onnx'));
  expect(await weft(cluster, 4, 'export', runId, '-o', path('m.onnx'), ...local)).toMatchObject([{ event: 'error' }]);
  expect((await readFile(path('m.onnx'))).equals(before)).toBe(true);

  const expected = await weft(cluster, 0, 'predict', runId, 'test:0-99', ...local);
  const hits = expected.filter(({ classes, label }) => classes?.[0]?.index === label?.index);
  expect(hits.length / 100).toBe(result?.testAccuracy);
  for (const name of ['web', 'm.onnx']) {
    const lines = await weft(cluster, 3, 'predict', path(name), 'test:0-99', path('gone.png'));
    expect(lines.at(-1)).toMatchObject({ event: 'unread-image', image: path('gone.png') });
    const best = lines.slice(0, 100).map(({ classes }) => classes?.[0]);
    best.forEach((found, at) => {
      const wanted = expected[at]?.classes?.[0];
      expect(found?.index).toBe(wanted?.index);
      expect(Math.abs((found?.probability ?? NaN) - (wanted?.probability ?? NaN))).toBeLessThan(1e-6);
    });
  }
});
