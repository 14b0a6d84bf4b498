/** Runs whose numbers cannot be: they end at the same step, with the same words, on any number of trainers. */
import { tensorflow, topologyOf } from '@weft/nn-models';
import { expect, test } from 'vitest';
import { RunState, TransportSetting } from '@weft/wire';
import { ClusterProcesses } from '../harness/cluster-processes.ts';
import { submit, train, untilEnded } from '../harness/followed-run.ts';
import { configurationOf } from '../harness/run-configuration.ts';

test('a gradient that is not finite ends the run as diverged, with step and layer, alone and over both transports', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  const sound = await configurationOf({ model: 'initial-nn', epochs: 2, trainExamples: 1500 });
  const wild = { ...sound, optimizer: { name: 'sgd', learningRate: 1e39 } };
  const reasons: string[] = [];
  for (const [trainers, transport] of [
    [1, TransportSetting.UNSPECIFIED],
    [2, TransportSetting.STAR],
    [2, TransportSetting.DIRECT],
  ] as const) {
    cluster.startTrainer(`trainer-${String(reasons.length)}`, coordinator);
    const ended = await untilEnded(coordinator, await submit(coordinator, wild, trainers, '', transport));
    expect(ended.state).toBe(RunState.DIVERGED);
    reasons.push(ended.reason);
  }
  expect(reasons[0]).toMatch(
    /the gradient of (hidden|output)\/(kernel|bias) (is|are) not finite in epoch 1, step \d+$/,
  );
  expect(reasons).toEqual([reasons[0], reasons[0], reasons[0]]);
  expect((await train(coordinator, sound, 2)).run.state).toBe(RunState.FINISHED);
});

test('a layer that the engine lacks ends the run with the trainer, the layer and the remedy', async () => {
  const cluster = await ClusterProcesses.open();
  const coordinator = await cluster.startCoordinator();
  cluster.startTrainer('trainer-1', coordinator);
  const sound = await configurationOf({ model: 'initial-nn', epochs: 1, trainExamples: 300, testExamples: 50 });
  const { layers, sequential } = tensorflow();
  const model = sequential({
    layers: [layers.gru({ units: 4, inputShape: [28, 28] }), layers.dense({ units: 10, activation: 'softmax' })],
  });
  const topologyJson = topologyOf(model);
  model.dispose();
  const run = { ...sound, model: { ...sound.model, topologyJson } };
  const ended = await untilEnded(coordinator, await submit(coordinator, run));
  expect(ended.state).toBe(RunState.FAILED);
  expect(ended.reason).toMatch(/trainer trainer-1: .*(GRU|gru).*tfjs-cpu/);
  expect((await train(coordinator, sound)).run.state).toBe(RunState.FINISHED);
});
