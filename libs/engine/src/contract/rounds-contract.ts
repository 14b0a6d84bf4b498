/** Synchronized batch normalization: statistics of the whole step, exact, and the same bits wherever its chunks are computed. */
import { addInPlace, chunksOf, coverRange, TreeSum, WeftError, type TreeNode } from '@weft/core';
import { architecture, tensorflow, topologyOf } from '@weft/nn-models';
import { describe, expect, test } from 'vitest';
import type { BatchNormalization, CompiledModel, Engine, ExampleBatch } from '../engine.ts';
import {
  exampleSizes,
  examplesBetween,
  examplesFor,
  parametersFor,
  referenceOf,
  runSeed,
} from './contract-examples.ts';
import type { EngineCoverage } from './engine-contract.ts';
import { errorsOf, expectMetrics } from './gradient-contract.ts';
import { smallCnn, type SmallModel } from './small-models.ts';
import { StepExchange } from './step-exchange.ts';

/** Its name among the cases that an engine may refuse. */
export const synchronized = 'synchronized batch normalization';

const loss = 'categoricalCrossentropy';
const where = { epoch: 2, step: 3 };

/** A step under test: a model with everything that its gradient needs. */
interface Subject {
  readonly compiled: CompiledModel;
  readonly chunkSizes: readonly number[];
  readonly examples: ExampleBatch;
  readonly parameters: Float32Array;
  examplesOf(chunks: { readonly first: number; readonly end: number }): ExampleBatch;
}

/** Describes it for a small model, and for an architecture where the coverage has it. */
export function describeRounds(engine: Engine, { architectures, refuses }: EngineCoverage): void {
  if (refuses.includes(synchronized)) {
    test('synchronized batch normalization is refused by a message that says what to do', async () => {
      const refused = await prepare(engine, smallCnn.build, [2], 'sync').catch((thrown: unknown) => thrown);
      expect(refused).toBeInstanceOf(WeftError);
      expect(refused).toMatchObject({
        code: 'incompatible',
        message: expect.stringMatching(/--engine ort-cpu/) as string,
      });
    });
    return;
  }
  test('a loss without classes has rounds too', async () => {
    const { layers, sequential } = tensorflow();
    const model = sequential({
      name: 'regression',
      layers: [
        layers.dense({ name: 'hidden', units: 6, useBias: false, inputShape: [8] }),
        layers.batchNormalization({ name: 'norm' }),
        layers.dense({ name: 'output', units: 2 }),
      ],
    });
    const meanSquaredError = 'meanSquaredError';
    const compiled = await engine.compile({
      ...{ topology: topologyOf(model), loss: meanSquaredError, input: 'uint8', seed: runSeed },
      batchNormalization: 'sync',
    });
    const [examples, parameters] = [examplesFor(model, meanSquaredError, 9), parametersFor(model)];
    const request = { examples, chunkSizes: [3, 3, 3], firstChunk: 0, ...where };
    const contribution = new Float32Array(compiled.layout.size);
    const answer = await compiled.gradient(request, parameters, contribution, (_, local) => Promise.resolve(local));
    const reference = referenceOf(model, meanSquaredError, request, parameters);
    model.dispose();
    expectMetrics(answer, reference);
    expect(errorsOf(contribution, reference.contribution, compiled.layout)).toEqual([]);
    await compiled.dispose();
  });

  const large = architectures['deep-cnn-bn'];
  const models = [
    { ...smallCnn, chunkSizes: [5, 5, 5, 3] },
    ...(large === undefined
      ? []
      : [{ name: 'deep-cnn-bn', build: () => architecture('deep-cnn-bn').build(), chunkSizes: [4, 4, 4, 1] }]),
  ];
  describe.each(models)('synchronized batch normalization in $name', ({ build, chunkSizes }) => {
    test('a step of several chunks has the loss, gradient and state of the whole batch in float64', async () => {
      const subject = await prepare(engine, build, chunkSizes, 'sync');
      const answer = await gradient(subject, [chunkSizes.length]);
      const model = build();
      const request = { examples: subject.examples, chunkSizes, firstChunk: 0, ...where };
      const reference = referenceOf(model, loss, request, subject.parameters);
      model.dispose();
      expectMetrics(answer, reference);
      expect(errorsOf(answer.contribution, reference.contribution, subject.compiled.layout)).toEqual([]);
      await subject.compiled.dispose();
    });

    test('the bits do not depend on who computes which chunks', async () => {
      const subject = await prepare(engine, build, chunkSizes, 'sync');
      const whole = await gradient(subject, [4]);
      for (const shares of [
        [2, 2],
        [1, 1, 1, 1],
        [3, 1],
        [1, 3],
      ]) {
        const shared = await gradient(subject, shares);
        const what = `shares of ${shares.join(' and ')} chunks`;
        expect(Buffer.compare(bytesOf(shared.contribution), bytesOf(whole.contribution)), what).toBe(0);
        expect(shared.correct, what).toBe(whole.correct);
        expect(shared.loss, what).toBeCloseTo(whole.loss, 10);
      }
      await subject.compiled.dispose();
    });

    test('a step of one chunk has the bits of that chunk alone', async () => {
      const [size = 1] = chunkSizes;
      const together = await prepare(engine, build, [size], 'sync');
      const alone = await prepare(engine, build, [size], 'ghost');
      const [actual, expected] = [await gradient(together, [1]), await gradient(alone, [1])];
      expect(alone.compiled.rounds).toEqual([]);
      expect(together.compiled.rounds).not.toEqual([]);
      expect(Buffer.compare(bytesOf(actual.contribution), bytesOf(expected.contribution))).toBe(0);
      expect(actual.loss).toBe(expected.loss);
      await together.compiled.dispose();
      await alone.compiled.dispose();
    });
  });

  test('a gradient call ends with its exchange where that fails, and the next one is right', async () => {
    const subject = await prepare(engine, smallCnn.build, [5, 5, 5, 3], 'sync');
    const before = await gradient(subject, [4]);
    const request = { examples: subject.examples, chunkSizes: subject.chunkSizes, firstChunk: 0, ...where };
    const into = new Float32Array(subject.compiled.layout.size);
    const failed = subject.compiled.gradient(request, subject.parameters, into, (round, local) =>
      round === 1 ? Promise.reject(new WeftError('unavailable', 'a trainer was lost')) : Promise.resolve(local),
    );
    await expect(failed).rejects.toThrow('a trainer was lost');
    const after = await gradient(subject, [4]);
    expect(Buffer.compare(bytesOf(after.contribution), bytesOf(before.contribution))).toBe(0);
    await subject.compiled.dispose();
  });
}

async function prepare(
  engine: Engine,
  build: SmallModel['build'],
  chunkSizes: readonly number[],
  batchNormalization: BatchNormalization,
): Promise<Subject> {
  const model = build();
  const program = { topology: topologyOf(model), loss, input: 'uint8', seed: runSeed, batchNormalization } as const;
  try {
    const compiled = await engine.compile(program);
    const sizes = exampleSizes(model, loss);
    const firsts = chunkSizes.map((_, chunk) => chunkSizes.slice(0, chunk).reduce((sum, size) => sum + size, 0));
    const count = chunkSizes.reduce((sum, size) => sum + size, 0);
    const examples = examplesFor(model, loss, count);
    return {
      compiled,
      chunkSizes,
      examples,
      parameters: parametersFor(model),
      examplesOf: ({ first, end }) => examplesBetween(examples, sizes, firsts[first] ?? count, firsts[end] ?? count),
    };
  } finally {
    model.dispose();
  }
}

interface Answer {
  readonly contribution: Float32Array;
  readonly loss: number;
  readonly correct: number;
}

/** The step's contribution where neighbours compute `shares` of its chunks, all subtrees at once. */
async function gradient(subject: Subject, shares: readonly number[]): Promise<Answer> {
  const { compiled, chunkSizes, parameters } = subject;
  const exchange = new StepExchange(chunkSizes.length);
  const nodes: TreeNode[] = [];
  let first = 0;
  for (const share of shares) {
    nodes.push(...coverRange({ first, end: first + share }, chunkSizes.length));
    first += share;
  }
  const sum = new TreeSum<Answer>(chunkSizes.length, (left, right) => ({
    contribution: addInPlace(left.contribution, right.contribution),
    loss: left.loss + right.loss,
    correct: left.correct + right.correct,
  }));
  const compute = async (node: TreeNode): Promise<void> => {
    const chunks = chunksOf(node, chunkSizes.length);
    const contribution = new Float32Array(compiled.layout.size);
    const sums = await compiled.gradient(
      {
        examples: subject.examplesOf(chunks),
        chunkSizes: chunkSizes.slice(chunks.first, chunks.end),
        firstChunk: chunks.first,
        ...where,
      },
      parameters,
      contribution,
      exchange.of(node),
    );
    sum.give(node, { contribution, ...sums });
  };
  await Promise.all(nodes.map(compute));
  return sum.root;
}

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
