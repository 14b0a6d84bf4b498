/** The folder for TF.js: read by TF.js's own loader, and by ours. */
import type * as tfTypes from '@tensorflow/tfjs';
import { architecture, layoutOf, tensorflow, topologyOf } from '@weft/nn-models';
import { expect, test } from 'vitest';
import { examplesFor, parametersFor } from '../contract/contract-examples.ts';
import { layerCases } from '../contract/layer-cases.ts';
import { smallCnn } from '../contract/small-models.ts';
import { OrtEngine } from '../ort/ort-engine.ts';
import { exportedExample } from './exported-example.fixture.ts';
import { readLayersModel, writeLayersModel, type ExportedFile } from './layers-model.ts';

/** The files as a server would give them, to TF.js's loader for addresses. */
async function load(files: readonly ExportedFile[]): Promise<tfTypes.LayersModel> {
  const tf = tensorflow();
  const fetchFunc = (address: string): Promise<Response> => {
    const file = files.find(({ name }) => address === `http://files/${name}`);
    const type = address.endsWith('.json') ? 'application/json' : 'application/octet-stream';
    return Promise.resolve(new Response(Uint8Array.from(file?.bytes ?? []), { headers: { 'Content-Type': type } }));
  };
  await tf.setBackend('cpu');
  return tf.loadLayersModel(tf.io.http('http://files/model.json', { fetchFunc: fetchFunc as typeof fetch }));
}

const readerOf =
  (files: readonly ExportedFile[]) =>
  (name: string): Promise<Uint8Array> =>
    Promise.resolve(files.find((file) => file.name === name)?.bytes ?? new Uint8Array());

const loss = 'categoricalCrossentropy';

test.each([
  { name: 'initial-nn', loss, count: 256, build: architecture('initial-nn').build },
  { ...smallCnn, loss, count: 256 },
  ...layerCases(),
] as const)('TF.js loads $name and predicts what the engine does', async ({ build, loss, count }) => {
  const model = build();
  const source = { topology: topologyOf(model), parameters: parametersFor(model), loss, metadata: {} } as const;
  const { inputs } = examplesFor(model, loss, count);
  const engine = await OrtEngine.open();
  const compiled = await engine.compile({ topology: source.topology, loss, input: 'uint8', seed: 1 });
  const expected = await compiled.predict(inputs, count, source.parameters);
  await compiled.dispose();
  const loaded = await load(await writeLayersModel(source, 'weft'));
  const images = tensorflow().tensor(
    Float32Array.from(inputs, (value) => value / 255),
    [count, ...(loaded.inputs[0]?.shape.slice(1) ?? [])] as number[],
  );
  const actual = await (loaded.predict(images) as tfTypes.Tensor).data();
  expect(actual).toHaveLength(expected.length);
  expect(actual.every((value, at) => Math.abs(value - (expected[at] ?? NaN)) <= 1e-5)).toBe(true);
});

test('weights come in files of 4 MiB at most, and metadata reach the loaded model', async () => {
  const source = exportedExample('deep-cnn-bn');
  const files = await writeLayersModel(source, 'weft');
  expect(files.map(({ name }) => name)).toEqual(['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin']);
  expect(files.slice(1).map(({ bytes }) => bytes.length)).toEqual([
    4_194_304,
    source.parameters.byteLength - 4_194_304,
  ]);
  const loaded = await load(files);
  expect(loaded.getUserDefinedMetadata()).toEqual({ ...source.metadata, loss: source.loss });
  const variance = loaded.getLayer('norm_1a').getWeights()[3];
  const entry = layoutOf(loaded).entries.find(({ name }) => name === 'norm_1a/moving_variance');
  const offset = entry?.offset ?? 0;
  expect(await variance?.data()).toEqual(source.parameters.slice(offset, offset + 32));
});

test('what was written is read again, bit for bit', async () => {
  const source = exportedExample('deep-cnn-bn');
  const files = await writeLayersModel(source, 'weft');
  expect(await readLayersModel(readerOf(files), 'folder')).toEqual(source);
});

test('everything that is missing or does not fit is said', async () => {
  const source = exportedExample('initial-nn');
  const [description] = await writeLayersModel(source, 'weft');
  const text = new TextDecoder().decode(description?.bytes);
  const changed = (change: (weights: Record<string, unknown>[]) => void): ((name: string) => Promise<Uint8Array>) => {
    const json = JSON.parse(text) as { weightsManifest: [{ weights: Record<string, unknown>[] }] };
    change(json.weightsManifest[0].weights);
    const bytes = new TextEncoder().encode(JSON.stringify(json));
    return (name) => Promise.resolve(name === 'model.json' ? bytes : new Uint8Array(source.parameters.byteLength));
  };
  await expect(
    readLayersModel(
      changed((weights) => weights.splice(1, 2)),
      'folder',
    ),
  ).rejects.toThrow('folder: it has no tensor hidden/bias; it has no tensor output/kernel');
  await expect(
    readLayersModel(
      changed(([first = {}]) => (first['quantization'] = { dtype: 'uint8' })),
      'folder',
    ),
  ).rejects.toThrow('not plain float32');
});
