import { architecture, layoutOf } from '@weft/nn-models';
import { expect, test } from 'vitest';
import { writeReplicaCheckpoint } from '../checkpoint/replica-checkpoint.ts';
import { decodeHeader } from '../checkpoint/safetensors.ts';
import { parseOptimizer } from '../optimizers/parse-optimizer.ts';
import { createReplica } from '../replica.ts';
import { exportedExample } from './exported-example.fixture.ts';
import { checkpointParameters, readSafetensorsModel, writeSafetensorsModel } from './safetensors-model.ts';

test('what was written is read again, bit for bit', async () => {
  const source = exportedExample('deep-cnn-bn');
  expect(await readSafetensorsModel(await writeSafetensorsModel(source), 'file')).toEqual(source);
});

test("tensors have Keras's names and shapes", async () => {
  const { header } = decodeHeader(await writeSafetensorsModel(exportedExample('simple-cnn')));
  expect([...header.tensors].map(([name, { shape }]) => `${name} ${shape.join('x')}`)).toEqual([
    ...['conv_1/kernel 3x3x1x32', 'conv_1/bias 32', 'conv_2/kernel 3x3x32x64', 'conv_2/bias 64'],
    ...['hidden/kernel 1600x128', 'hidden/bias 128', 'output/kernel 128x10', 'output/bias 10'],
  ]);
});

test('a checkpoint gives its parameters, without the state of the optimizer', async () => {
  const { topology, parameters } = exportedExample('deep-cnn-bn');
  const replica = createReplica(layoutOf(architecture('deep-cnn-bn').build()), parseOptimizer('adam'));
  replica.parameters.set(parameters);
  const file = writeReplicaCheckpoint(replica, { position: 1, configurationDigest: 'c', engineFingerprint: 'e' });
  expect(await checkpointParameters(file, topology, 'file')).toEqual(parameters);
  await expect(readSafetensorsModel(file, 'file')).rejects.toMatchObject({
    code: 'incompatible',
    message: expect.stringContaining('tensors without a topology (its format is weft-checkpoint-1') as string,
  });
});

test('tensors of another model are refused, all that are wrong together', async () => {
  const file = await writeSafetensorsModel(exportedExample('initial-nn'));
  const { topology } = exportedExample('dropout-ann');
  await expect(checkpointParameters(file, topology, 'file')).rejects.toThrow(/file: .*; .*it has no tensor/);
});
