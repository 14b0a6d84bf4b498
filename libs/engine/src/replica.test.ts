import type { WeftError } from '@weft/core';
import { layOut, type ParameterLayout } from '@weft/nn-models';
import { expect, test } from 'vitest';
import { optimizerDefaults } from './optimizers/optimizer-defaults.ts';
import { parseOptimizer } from './optimizers/parse-optimizer.ts';
import { scalarKernels } from './optimizers/scalar-kernels.ts';
import { createReplica, type Replica } from './replica.ts';

/** 3 * 5 + 2 trainable parameters, then 6 state values. */
const layout: ParameterLayout = layOut([
  { name: 'dense/kernel', shape: [3, 5], trainable: true },
  { name: 'batch/mean', shape: [6], trainable: false },
  { name: 'dense/bias', shape: [2], trainable: true },
]);

const variableCount = 23;

function fill(values: Float32Array, seed: number): void {
  for (let i = 0; i < values.length; i++) values[i] = Math.sin(seed * 31 + i * 7);
}

function trained(optimizer = optimizerDefaults.adam as Replica['optimizer'], steps = 5): Replica {
  const replica = createReplica(layout, optimizer);
  fill(replica.parameters, 0);
  for (let step = 1; step <= steps; step++) {
    fill(replica.contribution, step);
    replica.apply(0.01);
  }
  return replica;
}

function snapshotOf(replica: Replica): Uint8Array {
  const snapshot = new Uint8Array(replica.snapshotLength);
  replica.writeSnapshot(snapshot);
  return snapshot;
}

test('a new replica has zero parameters, initial slots and no steps, all in one buffer', () => {
  const replica = createReplica(layout, optimizerDefaults.adagrad);
  expect([...replica.parameters, ...replica.contribution]).toEqual(new Array(2 * variableCount).fill(0));
  expect(replica.slots).toEqual([{ name: 'accumulator', values: new Float32Array(17).fill(0.1) }]);
  expect(replica.step).toBe(0);
  expect(replica.contribution.buffer).toBe(replica.parameters.buffer);
});

test('a step of plain SGD moves trainable parameters by the gradient and takes over state values', () => {
  const replica = createReplica(layout, optimizerDefaults.sgd);
  fill(replica.parameters, 0);
  fill(replica.contribution, 1);
  const before = replica.parameters.slice();
  const contribution = replica.contribution.slice();
  replica.apply(0.5);
  expect(replica.parameters.subarray(0, 17)).toEqual(
    before.subarray(0, 17).map((w, i) => w - 0.5 * (contribution[i] ?? 0)),
  );
  expect(replica.parameters.subarray(17)).toEqual(contribution.subarray(17));
  expect(replica.step).toBe(1);
});

test.each(Object.values(optimizerDefaults))('state values survive a step of $name next to them', (optimizer) => {
  const replica = createReplica(layout, optimizer);
  fill(replica.parameters, 0);
  fill(replica.contribution, 1);
  const state = replica.contribution.slice(17);
  replica.apply(0.01);
  expect(replica.parameters.subarray(17)).toEqual(state);
});

test.each([...Object.values(optimizerDefaults), parseOptimizer('rmsprop', { centered: true, momentum: 0.9 })])(
  'a replica of $name restored from a snapshot goes on with the same bytes',
  (optimizer) => {
    const original = trained(optimizer);
    const copy = createReplica(layout, optimizer);
    copy.readSnapshot(snapshotOf(original));
    expect(copy.step).toBe(5);
    for (const replica of [original, copy]) {
      for (let step = 6; step <= 9; step++) {
        fill(replica.contribution, step);
        replica.apply(0.01);
      }
    }
    expect(snapshotOf(copy)).toEqual(snapshotOf(original));
    expect(snapshotOf(trained(optimizer, 9))).toEqual(snapshotOf(original));
  },
);

test.each(Object.values(optimizerDefaults))('a replica of $name has the same bytes on scalar kernels', (optimizer) => {
  const scalar = createReplica(layout, optimizer, scalarKernels);
  fill(scalar.parameters, 0);
  for (let step = 1; step <= 5; step++) {
    fill(scalar.contribution, step);
    scalar.apply(0.01);
  }
  expect(snapshotOf(scalar)).toEqual(snapshotOf(trained(optimizer)));
});

test('a mean is the sum divided in float32, all of it, and says whether it is finite', () => {
  const replica = createReplica(layout, optimizerDefaults.adam);
  fill(replica.contribution, 3);
  const sums = replica.contribution.slice();
  expect(replica.takeMean(7)).toBe(true);
  expect(replica.contribution).toEqual(sums.map((sum) => sum / 7));
  replica.contribution[replica.contribution.length - 1] = Infinity;
  expect(replica.takeMean(7)).toBe(false);
  expect(() => replica.takeMean(0)).toThrow('invariant');
});

test('a snapshot is parameters, slots and step, little-endian and without padding, at any offset of a buffer', () => {
  const replica = trained();
  const around = new Uint8Array(replica.snapshotLength + 3);
  replica.writeSnapshot(around.subarray(3));
  const view = new DataView(around.buffer, 3);
  const stored = [replica.parameters, ...replica.slots.map((slot) => slot.values)].flatMap((values) => [...values]);
  expect(replica.snapshotLength).toBe((variableCount + 2 * 17) * 4 + 8);
  expect(stored.map((_, i) => view.getFloat32(i * 4, true))).toEqual(stored);
  expect(view.getBigUint64(stored.length * 4, true)).toBe(5n);
  const copy = createReplica(layout, optimizerDefaults.adam);
  copy.readSnapshot(around.subarray(3));
  expect(snapshotOf(copy)).toEqual(snapshotOf(replica));
});

test('a snapshot of another length or with an impossible step is refused', () => {
  const replica = trained();
  const damaged = snapshotOf(replica).fill(0xff, replica.snapshotLength - 8);
  for (const bad of [new Uint8Array(replica.snapshotLength - 4), damaged]) {
    const before = snapshotOf(replica);
    expect(() => {
      replica.readSnapshot(bad);
    }).toThrow(expect.objectContaining({ code: 'corrupt' }) as WeftError);
    expect(snapshotOf(replica)).toEqual(before);
  }
});

test('the parameters as bytes are a view that follows them', () => {
  const replica = trained();
  const bytes = replica.parameterBytes();
  replica.parameters[1] = 1;
  expect([...bytes.subarray(4, 8)]).toEqual([0, 0, 0x80, 0x3f]);
  expect(bytes.length).toBe(variableCount * 4);
});

test('a learning rate that is no number is a bug', () => {
  expect(() => {
    createReplica(layout, optimizerDefaults.sgd).apply(Number.NaN);
  }).toThrow('learning rate');
});

test('34 million parameters with two slots fit, and a model beyond 4 GiB is refused with a reason', () => {
  const layoutOf = (size: number): ParameterLayout => layOut([{ name: 'wide/kernel', shape: [size], trainable: true }]);
  const replica = createReplica(layoutOf(34_000_000), optimizerDefaults.adam);
  expect(replica.slots[1]?.values.length).toBe(34_000_000);
  expect(replica.parameters.buffer.byteLength).toBeGreaterThan(512 * 2 ** 20);
  expect(() => createReplica(layoutOf(300_000_000), optimizerDefaults.adam)).toThrow(/MiB is over the limit/);
});

test('a model without variables takes steps and snapshots', () => {
  const replica = createReplica(layOut([]), optimizerDefaults.lamb);
  replica.apply(0.1);
  expect(snapshotOf(replica)).toEqual(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0));
});
