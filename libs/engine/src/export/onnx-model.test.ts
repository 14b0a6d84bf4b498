/** The ONNX file against the engine: the same bits where the same kernels run, and close to them as programs use it. */
import { architecture, tensorflow, topologyOf } from '@weft/nn-models';
import { describe, expect, test } from 'vitest';
import { examplesFor, parametersFor } from '../contract/contract-examples.ts';
import { layerCases, type LayerCase } from '../contract/layer-cases.ts';
import { OrtEngine } from '../ort/ort-engine.ts';
import { sessionOptions } from '../ort/session-options.ts';
import { writeOnnxModel } from './onnx-model.ts';
import { openOnnxPredictor } from './onnx-predictor.ts';

/** The rows of the engine's inference graph: kernels are chosen by the number of rows. */
const engineRows = 128;
const count = 2 * engineRows;
/** Programs leave parameters in a layout of their own, which the engine, whose parameters change, does not. */
const asEngine = { ...sessionOptions('cpu'), extra: { session: { disable_prepacking: '1' } } };

const architectures = (['initial-nn', 'dropout-ann', 'dropout-cnn', 'deep-cnn-bn'] as const).map((name): LayerCase => {
  return { name, loss: 'categoricalCrossentropy', count, build: architecture(name).build };
});

const plainEngine = await OrtEngine.open('cpu', { blockSize: undefined });
const engine = await OrtEngine.open();

describe.each([...architectures, ...layerCases()])('$name', ({ build, loss }) => {
  const model = build();
  const topology = topologyOf(model);
  const parameters = parametersFor(model);
  const { inputs } = examplesFor(model, loss, count);
  const images = Float32Array.from(inputs, (value) => value / 255);
  const size = images.length / count;
  const written = writeOnnxModel({ topology, parameters, loss, metadata: {} }, '1.2.3');
  const predictions = async (from: OrtEngine): Promise<Float32Array> => {
    const compiled = await from.compile({ topology, loss, input: 'uint8', seed: 1 });
    const rows = await compiled.predict(inputs, count, parameters);
    await compiled.dispose();
    return rows;
  };

  test('the file gives the bits of the engine in the plain layout', async () => {
    const predictor = await openOnnxPredictor(await written, 'the file', asEngine);
    const halves = [images.subarray(0, engineRows * size), images.subarray(engineRows * size)];
    const rows: Float32Array[] = [];
    for (const half of halves) rows.push(await predictor.predict(half, engineRows));
    expect(rows.flatMap((part) => [...part])).toEqual([...(await predictions(plainEngine))]);
    await predictor.close();
  });

  test('any program gets the predictions of the engine, for any number of examples', async () => {
    const expected = await predictions(engine);
    const width = expected.length / count;
    const predictor = await openOnnxPredictor(await written, 'the file');
    for (const rows of [1, 3, count]) {
      const actual = await predictor.predict(images.subarray(0, rows * size), rows);
      const errors = actual.map((value, at) => {
        return Math.abs(value - (expected[at] ?? NaN)) / Math.max(1e-3, Math.abs(expected[at] ?? NaN));
      });
      expect(actual).toHaveLength(rows * width);
      expect(errors.every((error) => error <= 1.5e-6)).toBe(true);
    }
    await predictor.close();
  });
});

test('names, shapes and texts are for programs to find', async () => {
  const model = architecture('simple-cnn').build();
  const metadata = { classNames: ['coat', 'bag'], run: 'a-run' };
  const source = { topology: topologyOf(model), parameters: parametersFor(model), metadata };
  const file = await writeOnnxModel({ ...source, loss: 'categoricalCrossentropy' }, '1.2.3');
  const predictor = await openOnnxPredictor(file, 'the file');
  expect(predictor.inputShape).toEqual([28, 28, 1]);
  expect(predictor.metadata).toEqual({ classNames: '["coat","bag"]', run: 'a-run' });
  const text = Buffer.from(file).toString('latin1');
  for (const name of ['image', 'probabilities', 'conv_1/kernel', 'weft', '1.2.3']) expect(text).toContain(name);
  expect(text).not.toContain('com.microsoft');
  await predictor.close();
});

test('a layer that the compiler does not know is named, and what can be done', async () => {
  const { layers, sequential } = tensorflow();
  const model = sequential({ layers: [layers.gaussianNoise({ name: 'noise', stddev: 1, inputShape: [4] })] });
  model.add(layers.dense({ units: 2, kernelInitializer: 'zeros' }));
  const source = { topology: topologyOf(model), parameters: new Float32Array(10), loss: undefined, metadata: {} };
  await expect(writeOnnxModel(source, '1')).rejects.toMatchObject({
    code: 'incompatible',
    message: expect.stringMatching(/cannot be written as ONNX.*noise/) as string,
  });
});
