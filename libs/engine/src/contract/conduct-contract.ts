/** How an engine treats what it is given: buffers, encodings, memory, programs that it cannot run. */
import type * as tf from '@tensorflow/tfjs';
import { WeftError } from '@weft/core';
import { architecture, layoutOf, tensorflow, topologyOf } from '@weft/nn-models';
import { describe, expect, test } from 'vitest';
import type { CompiledModel, Engine, TrainingProgram } from '../engine.ts';
import { createMemory } from '../kernels/kernel-module.ts';
import { examplesFor, parametersFor, runSeed } from './contract-examples.ts';
import { smallCnn } from './small-models.ts';

const loss = 'categoricalCrossentropy';
const where = { firstChunk: 0, epoch: 0, step: 0 };

/** Describes the engine's manners. */
export function describeConduct(engine: Engine): void {
  const compile = (model: tf.LayersModel, options: Partial<TrainingProgram> = {}): Promise<CompiledModel> =>
    engine.compile({ topology: topologyOf(model), loss, input: 'uint8', seed: runSeed, ...options });

  describe('conduct', () => {
    test('only the target is written: not what lies around it, the parameters or the examples', async () => {
      const model = architecture('initial-nn').build();
      const compiled = await compile(model);
      const { size } = compiled.layout;
      const memory = new Float32Array(size + 20).fill(7);
      const parameters = parametersFor(model);
      const examples = examplesFor(model, loss, 6);
      const before = {
        parameters: parameters.slice(),
        inputs: examples.inputs.slice(),
        targets: examples.targets.slice(),
      };
      await compiled.gradient({ examples, chunkSizes: [4, 2], ...where }, parameters, memory.subarray(10, 10 + size));
      await compiled.evaluate({ examples, count: 6 }, parameters);
      expect([...memory.subarray(0, 10), ...memory.subarray(10 + size)]).toEqual(Array.from({ length: 20 }, () => 7));
      expect(memory.subarray(10, 10 + size).some((value) => value !== 7 && value !== 0)).toBe(true);
      expect({ parameters, inputs: examples.inputs, targets: examples.targets }).toEqual(before);
      await compiled.dispose();
      model.dispose();
    });

    test('buffers in WebAssembly memory, at an offset, are taken', async () => {
      const model = architecture('initial-nn').build();
      const compiled = await compile(model);
      const { size } = compiled.layout;
      const { buffer } = createMemory(64 + 8 * size);
      const parameters = new Float32Array(buffer, 64, size);
      parameters.set(parametersFor(model));
      const examples = examplesFor(model, loss, 5);
      const inWebAssembly = new Float32Array(buffer, 64 + 4 * size, size);
      const elsewhere = new Float32Array(size);
      await compiled.gradient({ examples, chunkSizes: [5], ...where }, parameters, inWebAssembly);
      await compiled.gradient({ examples, chunkSizes: [5], ...where }, parameters.slice(), elsewhere);
      expect(inWebAssembly).toEqual(elsewhere);
      await compiled.dispose();
      model.dispose();
    });

    test('a uint8 input v means the float32 input v / 255, to the bit', async () => {
      const model = architecture('initial-nn').build();
      const examples = examplesFor(model, loss, 5);
      const asFloats = { ...examples, inputs: Float32Array.from(examples.inputs, (value) => value / 255) };
      const parameters = parametersFor(model);
      const fromBytes = await compile(model);
      const fromFloats = await compile(model, { input: 'float32' });
      const [left, right] = [fromBytes, fromFloats].map(({ layout }) => new Float32Array(layout.size));
      if (left === undefined || right === undefined) throw new Error('two buffers were made');
      await fromBytes.gradient({ examples, chunkSizes: [5], ...where }, parameters, left);
      await fromFloats.gradient({ examples: asFloats, chunkSizes: [5], ...where }, parameters, right);
      expect(left).toEqual(right);
      await fromBytes.dispose();
      await fromFloats.dispose();
      model.dispose();
    });

    test('the layout is that of the model', async () => {
      const model = architecture('deep-cnn-bn').build();
      const compiled = await compile(model);
      expect(compiled.layout).toEqual(layoutOf(model));
      await compiled.dispose();
      model.dispose();
    });

    test('no tensor is left behind by 200 steps, nor by compiling and disposing', async () => {
      const { memory } = tensorflow();
      const model = smallCnn.build();
      const examples = examplesFor(model, loss, 4);
      const parameters = parametersFor(model);
      await (await compile(model)).dispose();
      const beforeCompiling = memory().numTensors;
      const compiled = await compile(model);
      const into = new Float32Array(compiled.layout.size);
      const step = (number: number): Promise<unknown> =>
        compiled.gradient({ examples, chunkSizes: [2, 2], ...where, step: number }, parameters, into);
      await step(0);
      const afterOneStep = memory().numTensors;
      for (let number = 1; number <= 200; number++) await step(number);
      await compiled.evaluate({ examples, count: 4 }, parameters);
      expect(memory().numTensors).toBe(afterOneStep);
      await compiled.dispose();
      expect(memory().numTensors).toBe(beforeCompiling);
      model.dispose();
    });

    test('a model whose output does not fit the loss is refused', async () => {
      const { layers, sequential } = tensorflow();
      const model = sequential({ name: 'one', layers: [layers.dense({ name: 'output', units: 1, inputShape: [4] })] });
      const refused = await compile(model).catch((thrown: unknown) => thrown);
      expect(refused).toBeInstanceOf(WeftError);
      expect(refused).toMatchObject({
        code: 'invalid-argument',
        message: expect.stringMatching(/at least 2 outputs/) as string,
      });
      model.dispose();
    });

    test('a layer with random numbers of its own is refused by its name', async () => {
      const { layers, sequential } = tensorflow();
      const model = sequential({
        name: 'noisy',
        layers: [
          layers.gaussianNoise({ name: 'noise', stddev: 0.1, inputShape: [4] }),
          layers.dense({ name: 'output', units: 2, activation: 'softmax' }),
        ],
      });
      const refused = await compile(model).catch((thrown: unknown) => thrown);
      expect(refused).toBeInstanceOf(WeftError);
      expect(refused).toMatchObject({ code: 'incompatible', message: expect.stringMatching(/"noise"/) as string });
      model.dispose();
    });
  });
}
