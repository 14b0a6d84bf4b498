/** From a recorded run through each format to predictions, on pictures of every kind of source. */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv from 'ajv';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fakeContext } from '../context.fixture.ts';
import { exportLine } from '../export/export-line.ts';
import { modelFormats, modelOutput, type ModelFormat } from '../export/model-files.ts';
import { trainedModel } from '../export/model-source.ts';
import { recordedExample } from '../export/trained-model.fixture.ts';
import { writeOutput } from '../export/write-output.ts';
import { predictCommand } from '../commands/predict.ts';
import { openModel } from './open-model.ts';
import { compiledPredictor } from './predictor.ts';

// As `weft predict` loads it: by itself.
const { encodePng } = await import('@weft/images');
const schemaFile = new URL('../../../../docs/json-output.schema.json', import.meta.url);
const isJsonLine = new Ajv().compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
const paths: Readonly<Record<ModelFormat, string>> = { tfjs: 'web', onnx: 'm.onnx', safetensors: 'm.safetensors' };
let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-predict-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function exportAll(name: 'initial-nn' | 'dropout-cnn'): Promise<Awaited<ReturnType<typeof trainedModel>>> {
  const trained = await trainedModel(await recordedExample(name));
  for (const format of modelFormats) {
    await writeOutput(join(directory, paths[format]), await modelOutput(trained.model, format, '1.2.3'), false);
  }
  return trained;
}

async function predict(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const { context, out, err } = fakeContext({ workingDirectory: directory });
  return { code: await predictCommand.execute(argv, context), out: out(), err: err() };
}

test('the newest checkpoint of a run is its model', async () => {
  const run = await recordedExample('initial-nn');
  const { model, position, totalSteps, modelName } = await trainedModel(run);
  expect(model.parameters).toEqual(run.parameters);
  expect({ position, totalSteps, modelName }).toEqual({ position: 2, totalSteps: 4, modelName: 'initial-nn' });
  const none = { ...run, checkpoint: () => Promise.resolve({ problem: 'none that old is kept' }) };
  await expect(trainedModel(none)).rejects.toThrow('run a-run has no checkpoint to take a model from');
});

test.each(['initial-nn', 'dropout-cnn'] as const)('every format of %s predicts what the run does', async (name) => {
  const { model } = await exportAll(name);
  const inputs = Float32Array.from({ length: 784 * 150 }, (_, at) => ((at * 2654435761) % 256) / 255);
  const original = await compiledPredictor(model, 'run');
  const expected = await original.predict(inputs, 150);
  await original.close();
  const { context } = fakeContext({ workingDirectory: directory });
  for (const format of modelFormats) {
    const predictor = await openModel(paths[format], { coordinator: undefined, stateDir: undefined }, context);
    const { classNames, dataSet, preprocessing } = predictor;
    expect(classNames?.[9]).toBe('ankle boot');
    expect(dataSet?.settings).toEqual({ seed: 1, trainCount: 20, testCount: 300 });
    expect(preprocessing).toEqual({ height: 28, width: 28, channels: 1, divideBy: 255 });
    const actual = await predictor.predict(inputs, 150);
    const errors = actual.map((value, at) => Math.abs(value - (expected[at] ?? NaN)));
    expect(actual).toHaveLength(expected.length);
    expect(Math.max(...errors)).toBeLessThanOrEqual(format === 'onnx' ? 1e-6 : 0);
    await predictor.close();
  }
});

test('examples, files and what cannot be read come in order, and lines for programs fit their schema', async () => {
  await exportAll('initial-nn');
  const dark = { width: 60, height: 40, pixels: new Float32Array(2400).fill(20) };
  await writeFile(join(directory, 'dark, really.png'), encodePng(dark));
  await writeFile(
    join(directory, 'light.png'),
    encodePng({ ...dark, pixels: dark.pixels.map((value) => 255 - value) }),
  );
  await writeFile(join(directory, 'page.html'), '<html>');
  await mkdir(join(directory, 'folder'));
  const images = ['test:298-301', 'dark, really.png', 'light.png', 'page.html', 'gone.png', 'folder', 'test:x'];
  const { code, out, err } = await predict('m.onnx', ...images, '--top', '3', '--json');
  const lines = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown> & { classes: { probability: number }[] });
  for (const line of lines) expect([isJsonLine(line), line]).toEqual([true, line]);
  const wrong = ['test:300', 'test:301', 'page.html', 'gone.png', 'folder', 'test:x'];
  expect(lines.map(({ event, image }) => `${String(event)} ${String(image)}`)).toEqual([
    ...['prediction test:298', 'prediction test:299', 'unread-image test:300', 'unread-image test:301'],
    ...['prediction dark, really.png', 'prediction light.png', 'unread-image page.html', 'unread-image gone.png'],
    ...['unread-image folder', 'unread-image test:x'],
  ]);
  for (const name of wrong) expect(err).toContain(`${name}: `);
  expect(err).toContain('gone.png: there is no such file\n');
  expect(code).toBe(3);
  const [example, , , , darkFile, lightFile] = lines;
  expect(example).toMatchObject({ inverted: false, label: { name: expect.any(String) as string } });
  expect(darkFile).toMatchObject({ inverted: false, label: null });
  expect(lightFile).toMatchObject({ inverted: true, classes: darkFile?.classes ?? [] });
  expect(example?.classes.length).toBe(3);
});

test('people get a table', async () => {
  await exportAll('initial-nn');
  const { code, out, err } = await predict('web', 'test:0-1');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const [titles, , first, second, ...rest] = out.trimEnd().split('\n');
  expect(titles).toMatch(/^image +class +probability +runner-up +really$/);
  expect(first).toMatch(/^test:0 +\S.* +0\.\d{4} +\S.* 0\.\d{4} +\S/);
  expect(second).toMatch(/^test:1 /);
  expect(rest).toEqual([]);
  expect((await predict('web', 'test:0', '--top', '1')).out).toMatch(/^image +class +probability +really\n/);
});

test('what is no model is said, with what was looked for', async () => {
  await writeFile(join(directory, 'm.onnx'), 'not a model');
  await writeFile(join(directory, 'notes.txt'), '');
  await mkdir(join(directory, 'folder'));
  await expect(predict('m.onnx', 'test:0')).rejects.toMatchObject({ code: 'corrupt' });
  await expect(predict('notes.txt', 'test:0')).rejects.toThrow('ends in neither .json, .onnx nor .safetensors');
  await expect(predict('./folder', 'test:0')).rejects.toThrow('that folder has no model.json');
  await expect(predict('gone', 'test:0', '--state-dir', directory)).rejects.toThrow(
    'MODEL: "gone" is no file, and there is no run gone in',
  );
});

test('an export says in a line what it is of', () => {
  const facts = { runId: 'r', model: 'initial-nn', position: 1200, totalSteps: 2110, weightsDigest: 'ab'.repeat(32) };
  const line = exportLine({ ...facts, format: 'onnx', path: '/m.onnx', bytes: 102_269 });
  expect(line).toBe(
    'initial-nn of run r (step 1,200 of 2,110, weights abababababababab) is in /m.onnx: onnx, 102,269 bytes',
  );
  const event = { event: 'exported', ...facts, format: 'onnx', path: '/m.onnx', bytes: 102_269 };
  expect(isJsonLine(event)).toBe(true);
});
