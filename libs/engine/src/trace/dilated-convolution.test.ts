import type * as tf from '@tensorflow/tfjs';
import { tensorflow, topologyOf, variablesOf } from '@weft/nn-models';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { examplesFor, parametersFor } from '../contract/contract-examples.ts';
import type { Engine } from '../engine.ts';
import { OrtEngine } from '../ort/ort-engine.ts';
import { tfjsCpuProvider } from '../tfjs/javascript-backend.ts';

let engine: Engine;

beforeAll(async () => {
  await tfjsCpuProvider.open();
  await tensorflow().setBackend('cpu');
  engine = await OrtEngine.open('cpu');
});

afterAll(async () => {
  await engine.dispose();
});

// Width and channels are equal, so that an axis taken for another shows in the values only.
test.each(['channelsFirst', 'channelsLast'] as const)(
  'a dilated convolution with %s gives what TF.js gives',
  async (dataFormat) => {
    const { layers, sequential, tensor, tidy } = tensorflow();
    const dilated = { name: 'dilated', filters: 5, kernelSize: 2, dilationRate: 2, activation: 'tanh' } as const;
    const model = sequential({
      name: 'model',
      layers: [
        layers.conv2d({ ...dilated, dataFormat, inputShape: [5, 6, 5] }),
        layers.flatten({ name: 'flatten' }),
        layers.dense({ name: 'output', units: 3 }),
      ],
    });
    const parameters = parametersFor(model);
    let offset = 0;
    for (const { variable } of variablesOf(model)) {
      const shape = variable.shape.map((size) => size ?? 1);
      const end = offset + shape.reduce((product, size) => product * size, 1);
      variable.write(tensor(parameters.slice(offset, end), shape));
      offset = end;
    }
    const { inputs } = examplesFor(model, 'meanSquaredError', 4);
    const values = Float32Array.from(inputs, (value) => value / 255);
    const expected = tidy(() => (model.predict(tensor(values, [4, 5, 6, 5])) as tf.Tensor).dataSync());
    const program = { topology: topologyOf(model), loss: 'meanSquaredError', input: 'uint8', seed: 1 } as const;
    const compiled = await engine.compile(program);
    const actual = await compiled.predict(inputs, 4, parameters);
    await compiled.dispose();
    expect(actual.length).toBe(expected.length);
    actual.forEach((value, at) => {
      expect(value).toBeCloseTo(expected[at] ?? NaN, 4);
    });
  },
);
