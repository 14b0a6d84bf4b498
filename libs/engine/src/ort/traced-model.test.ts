import { architecture, topologyOf } from '@weft/nn-models';
import { expect, test } from 'vitest';
import { examplesFor, parametersFor } from '../contract/contract-examples.ts';
import type { TrainingProgram } from '../engine.ts';
import { OrtEngine } from './ort-engine.ts';
import { sourceDigest, TracedModel } from './traced-model.ts';

const model = architecture('dropout-ann').build();
const source: TrainingProgram = {
  topology: topologyOf(model),
  loss: 'categoricalCrossentropy',
  input: 'uint8',
  seed: 1,
};
const options = { executionProvider: 'cpu', blockSize: undefined } as const;

test('the digest covers everything but the seed', () => {
  const other = architecture('initial-nn').build();
  const others: TrainingProgram[] = [
    { ...source, topology: topologyOf(other) },
    { ...source, loss: 'meanSquaredError' },
    { ...source, input: 'float32' },
    { ...source, batchNormalization: 'sync' },
  ];
  expect(new Set([source, ...others].map(sourceDigest)).size).toBe(5);
  expect(sourceDigest({ ...source, seed: 2, batchNormalization: 'ghost' })).toBe(sourceDigest(source));
});

test('a program is compiled once for each cut into chunks, and again when many others were used since', async () => {
  const traced = await TracedModel.open(source, options);
  const first = traced.training([4, 4]);
  expect(traced.training([4, 4])).toBe(first);
  expect(traced.training([4, 3])).not.toBe(first);
  expect(traced.inference(8)).toBe(traced.inference(8));
  for (let size = 1; size <= 20; size++) traced.training([size]);
  expect(traced.training([4, 4])).not.toBe(first);
  traced.close();
});

test('models of one topology and different seeds share what was compiled, each with its own masks, and outlive each other', async () => {
  const engine = await OrtEngine.open();
  const parameters = parametersFor(model);
  const request = {
    ...{ examples: examplesFor(model, source.loss, 8), chunkSizes: [8] },
    ...{ firstChunk: 0, epoch: 0, step: 0 },
  };
  const gradient = async (seed: number, fresh: OrtEngine): Promise<string> => {
    const compiled = await fresh.compile({ ...source, seed });
    const into = new Float32Array(compiled.layout.size);
    await compiled.gradient(request, parameters, into);
    await compiled.dispose();
    return Buffer.from(into.buffer).toString('base64');
  };
  const kept = await engine.compile(source);
  const [one, two] = [await gradient(1, engine), await gradient(2, engine)];
  expect(one === two).toBe(false);
  expect(one === (await gradient(1, await OrtEngine.open()))).toBe(true);
  expect(two === (await gradient(2, await OrtEngine.open()))).toBe(true);
  await engine.dispose();
  const into = new Float32Array(kept.layout.size);
  await kept.gradient(request, parameters, into);
  expect(Buffer.from(into.buffer).toString('base64') === one).toBe(true);
  await kept.dispose();
});
