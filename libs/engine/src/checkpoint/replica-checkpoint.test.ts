import { layOut } from '@weft/nn-models';
import { expect, test } from 'vitest';
import { parseOptimizer } from '../optimizers/parse-optimizer.ts';
import { createReplica, type Replica } from '../replica.ts';
import { checkpointBytes, readReplicaCheckpoint, writeReplicaCheckpoint } from './replica-checkpoint.ts';
import { decodeHeader } from './safetensors.ts';

const layout = layOut([
  { name: 'dense/kernel', shape: [3, 4], trainable: true },
  { name: 'norm/moving_mean', shape: [4], trainable: false },
  { name: 'dense/bias', shape: [4], trainable: true },
]);
const metadata = { position: 42, configurationDigest: 'c0ffee', engineFingerprint: 'tfjs-cpu 4' };

function trained(optimizer: string): Replica {
  const replica = createReplica(layout, parseOptimizer(optimizer));
  replica.parameters.forEach((_, i) => (replica.parameters[i] = i / 7));
  for (let step = 0; step < 3; step++) {
    replica.contribution.forEach((_, i) => (replica.contribution[i] = Math.fround(0.1 * (i + step))));
    replica.apply(0.01);
  }
  return replica;
}

test.each(['sgd', 'adam', 'rmsprop', 'adagrad'])('a replica with %s comes back bit for bit', (optimizer) => {
  const replica = trained(optimizer);
  const file = writeReplicaCheckpoint(replica, metadata);
  expect(file.length).toBe(checkpointBytes(replica, metadata));
  const copy = createReplica(layout, parseOptimizer(optimizer));
  expect(readReplicaCheckpoint(file, copy, 'c0ffee')).toEqual(metadata);
  expect(copy.step).toBe(3);
  for (const one of [replica, copy]) {
    one.contribution.fill(0.25);
    one.apply(0.01);
  }
  expect(Buffer.from(copy.parameterBytes()).equals(Buffer.from(replica.parameterBytes()))).toBe(true);
});

test('variables are readable by name, with their shapes', () => {
  const file = writeReplicaCheckpoint(trained('adam'), metadata);
  const { header, dataOffset } = decodeHeader(file);
  const bias = header.tensors.get('dense/bias');
  expect(bias?.shape).toEqual([4]);
  expect(dataOffset % 64).toBe(0);
  expect(header.tensors.has('optimizer/step')).toBe(true);
  expect([...header.tensors.keys()].filter((name) => name.endsWith('moving_mean'))).toEqual(['norm/moving_mean']);
});

test('a checkpoint of another model, optimizer or configuration is refused, and a damaged one', () => {
  const file = writeReplicaCheckpoint(trained('adam'), metadata);
  const other = createReplica(layout, parseOptimizer('rmsprop'));
  expect(() => readReplicaCheckpoint(file, other, 'c0ffee')).toThrow(/not those of this model and optimizer/);
  const same = createReplica(layout, parseOptimizer('adam'));
  expect(() => readReplicaCheckpoint(file, same, 'beef')).toThrow(/another configuration/);
  expect(() => readReplicaCheckpoint(file.subarray(0, file.length - 8), same, 'c0ffee')).toThrow(
    /optimizer\/step lies at/,
  );
  expect(() => readReplicaCheckpoint(file.subarray(0, 5), same, 'c0ffee')).toThrow(/5 bytes/);
  const damaged = file.slice();
  damaged[12] = 0;
  expect(() => readReplicaCheckpoint(damaged, same, 'c0ffee')).toThrow(/not JSON/);
});
