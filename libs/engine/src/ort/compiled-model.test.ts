/** What the contract does not ask of every engine: how `ort-cpu` cuts requests, and what it refuses. */
import { createHash } from 'node:crypto';
import { WeftError } from '@weft/core';
import { architecture, tensorflow, topologyOf, type ArchitectureName } from '@weft/nn-models';
import { describe, expect, test } from 'vitest';
import { examplesFor, parametersFor } from '../contract/contract-examples.ts';
import type { CompiledModel, ExampleBatch } from '../engine.ts';
import type { OrtModelOptions } from './compiled-model.ts';
import { OrtEngine } from './ort-engine.ts';

interface Subject {
  readonly examples: ExampleBatch;
  readonly parameters: Float32Array;
  readonly compile: (options?: Partial<OrtModelOptions>) => Promise<CompiledModel>;
}

type SubjectName = ArchitectureName | 'wide convolutions over small images';

function buildModel(name: SubjectName): ReturnType<ReturnType<typeof architecture>['build']> {
  if (name !== 'wide convolutions over small images') return architecture(name).build();
  const { layers, sequential } = tensorflow();
  const wide = { filters: 128, kernelSize: 3, padding: 'same', activation: 'relu' } as const;
  return sequential({
    name: 'wide',
    layers: [
      layers.conv2d({ name: 'first', ...wide, inputShape: [6, 6, 3] }),
      layers.conv2d({ name: 'second', ...wide, strides: 2 }),
      layers.batchNormalization({ name: 'norm' }),
      layers.conv2d({ name: 'third', ...wide }),
      layers.flatten({ name: 'flatten' }),
      layers.dense({ name: 'output', units: 10, activation: 'softmax' }),
    ],
  });
}

function subject(name: SubjectName, count: number): Subject {
  const model = buildModel(name);
  const program = { topology: topologyOf(model), loss: 'categoricalCrossentropy', input: 'uint8', seed: 3 } as const;
  return {
    examples: examplesFor(model, program.loss, count),
    parameters: parametersFor(model),
    compile: async (options = {}) => (await OrtEngine.open('cpu', options)).compile(program),
  };
}

describe('the number of chunks that run together', () => {
  test.each<SubjectName>([
    'initial-nn',
    'dropout-ann',
    'simple-cnn',
    'deep-cnn-bn',
    'wide convolutions over small images',
  ])('has no effect on a bit of %s', async (name) => {
    const { examples, parameters, compile } = subject(name, 15);
    const chunkSizes = [4, 4, 4, 3];
    const results: { loss: number; correct: number; digest: string }[] = [];
    for (const options of [{}, { chunksTogether: 1 }, { chunksTogether: 2 }, { chunksTogether: 4 }]) {
      const model = await compile(options);
      const into = new Float32Array(model.layout.size);
      const sums = await model.gradient({ examples, chunkSizes, firstChunk: 4, epoch: 1, step: 2 }, parameters, into);
      const digest = createHash('sha256').update(new Uint8Array(into.buffer)).digest('hex');
      results.push({ ...sums, digest });
      await model.dispose();
    }
    for (const result of results) expect(result).toEqual(results[0]);
  });
});

describe('a compiled model', () => {
  test('takes requests of thousands of chunks in groups', async () => {
    const count = 3000;
    const { examples, parameters, compile } = subject('initial-nn', count);
    const model = await compile();
    const into = new Float32Array(model.layout.size);
    const chunkSizes = Array<number>(count).fill(1);
    const sums = await model.gradient({ examples, chunkSizes, firstChunk: 0, epoch: 0, step: 0 }, parameters, into);
    const whole = new Float32Array(model.layout.size);
    const once = await model.gradient(
      { examples, chunkSizes: [count], firstChunk: 0, epoch: 0, step: 0 },
      parameters,
      whole,
    );
    expect(sums.correct).toBe(once.correct);
    expect(Math.abs(sums.loss / once.loss - 1)).toBeLessThan(1e-5);
    await model.dispose();
  });

  test('takes a chunk of thousands in bounded memory', async () => {
    // In one piece, 2048 examples of this model take 600 MB more than 256 do.
    const { examples, parameters, compile } = subject('simple-cnn', 2048);
    const model = await compile();
    const into = new Float32Array(model.layout.size);
    const at = { firstChunk: 0, epoch: 0, step: 0 };
    const small = { inputs: examples.inputs.subarray(0, 256 * 784), targets: examples.targets.subarray(0, 256) };
    await model.gradient({ examples: small, chunkSizes: [256], ...at }, parameters, into);
    const before = process.memoryUsage.rss();
    await model.gradient({ examples, chunkSizes: [2048], ...at }, parameters, into);
    expect(process.memoryUsage.rss() - before).toBeLessThan(2 ** 27);
    await model.dispose();
  });

  test('masks of a chunk that is cut are those of the whole chunk', async () => {
    const { examples, parameters, compile } = subject('dropout-ann', 600);
    const model = await compile();
    const whole = await compile({ largestPiece: 600 });
    const [cut, uncut] = [new Float32Array(model.layout.size), new Float32Array(model.layout.size)];
    const request = { examples, chunkSizes: [600], firstChunk: 3, epoch: 1, step: 2 };
    await model.gradient(request, parameters, cut);
    await whole.gradient(request, parameters, uncut);
    const norm = (values: Float32Array): number => Math.hypot(...values.subarray(0, 1000));
    expect(norm(cut.map((value, at) => value - (uncut[at] ?? 0))) / norm(uncut)).toBeLessThan(1e-5);
    await model.dispose();
    await whole.dispose();
  });

  test('takes buffers in shared memory', async () => {
    const { examples, parameters, compile } = subject('initial-nn', 3);
    const model = await compile();
    const request = { examples, chunkSizes: [2, 1], firstChunk: 0, epoch: 0, step: 0 };
    const expected = new Float32Array(model.layout.size);
    await model.gradient(request, parameters, expected);
    const share = <T extends Float32Array | Uint8Array | Int32Array>(values: T): T => {
      const Kind = values.constructor as new (buffer: SharedArrayBuffer) => T;
      const shared = new Kind(new SharedArrayBuffer(values.byteLength));
      shared.set(values);
      return shared;
    };
    const into = share(new Float32Array(model.layout.size));
    const { inputs, targets } = examples;
    await model.gradient(
      { ...request, examples: { inputs: share(inputs), targets: share(targets) } },
      share(parameters),
      into,
    );
    expect(Float32Array.from(into)).toEqual(expected);
    await model.dispose();
  });

  test.each<[string, (examples: ExampleBatch) => ExampleBatch, RegExp]>([
    ['a class that does not exist', (e) => ({ ...e, targets: Int32Array.of(0, 10) }), /target 1 is class 10.*0 to 9/],
    ['targets of another kind', (e) => ({ ...e, targets: new Float32Array(2) }), /targets are Float32Array/],
    ['inputs that are too few', (e) => ({ ...e, inputs: e.inputs.subarray(1) }), /inputs are Uint8Array of 1567.*1568/],
    ['inputs of another kind', (e) => ({ ...e, inputs: new Float32Array(1568) }), /inputs are Float32Array/],
  ])('refuses %s', async (_, change, message) => {
    const { examples, parameters, compile } = subject('initial-nn', 2);
    const model = await compile();
    const request = { examples: change(examples), chunkSizes: [2], firstChunk: 0, epoch: 0, step: 0 };
    const refused = model.gradient(request, parameters, new Float32Array(model.layout.size));
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.toBeInstanceOf(WeftError);
    await model.dispose();
  });

  test('refuses an empty request and an empty chunk', async () => {
    const { examples, parameters, compile } = subject('initial-nn', 0);
    const model = await compile();
    for (const chunkSizes of [[], [0]]) {
      const request = { examples, chunkSizes, firstChunk: 0, epoch: 0, step: 0 };
      await expect(model.gradient(request, parameters, new Float32Array(model.layout.size))).rejects.toThrow(
        /chunk sizes/,
      );
    }
    await model.dispose();
  });
});
