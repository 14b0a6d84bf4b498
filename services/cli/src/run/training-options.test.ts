import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tensorflow, topologyOf } from '@weft/nn-models';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeContext } from '../context.fixture.ts';
import { dispatch } from '../dispatch.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-training-'));
  const { layers, sequential } = tensorflow();
  const model = sequential({
    layers: [layers.flatten({ inputShape: [8, 8, 1] }), layers.dense({ units: 3, activation: 'softmax' })],
  });
  await writeFile(join(folder, 'three.json'), topologyOf(model));
  model.dispose();
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

test.each([
  [
    ['initial-nn', '--loss', 'meanSquaredError'],
    'error: initial-nn cannot be trained on synthetic-fashion:\n' +
      '  model.loss: "meanSquaredError" must be categoricalCrossentropy: targets of synthetic-fashion are class numbers\n',
  ],
  [
    ['three.json'],
    'error: three cannot be trained on synthetic-fashion:\n' +
      '  model.input_shape: [8,8,1] must be of 784 values, as an example of synthetic-fashion is\n' +
      '  model.output_shape: [3] must be one row of at least 10 values, one for each class of synthetic-fashion\n',
  ],
])('`weft train --model %s` is refused before anything is started', async (model, message) => {
  const { context, err } = fakeContext({ workingDirectory: folder });
  const data = ['--dataset', 'synthetic-fashion', '--synthetic-train', '100', '--synthetic-test', '10'];
  const argv = ['train', '--model', ...model, '--optimizer', 'sgd', '--batch-size', '50', ...data];
  expect([await dispatch(argv, '1.2.3', context), err()]).toEqual([2, message]);
});
