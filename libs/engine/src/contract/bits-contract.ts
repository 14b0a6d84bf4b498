/** An engine's bits: the same for a chunk wherever, whenever and with whatever other chunks it is computed. */
import { addInPlace, TreeSum } from '@weft/core';
import { architecture, topologyOf } from '@weft/nn-models';
import { describe, expect, test } from 'vitest';
import type { CompiledModel, Engine, ExampleBatch } from '../engine.ts';
import {
  exampleSizes,
  examplesBetween,
  examplesFor,
  parametersFor,
  runSeed,
  type ExampleSizes,
} from './contract-examples.ts';
import type { EngineCoverage } from './engine-contract.ts';
import { smallBinary, smallCnn, smallDense, type SmallModel } from './small-models.ts';

const largestChunk = 33;

/** A model under test with everything that a request needs. */
interface Subject {
  readonly compiled: CompiledModel;
  readonly sizes: ExampleSizes;
  readonly examples: ExampleBatch;
  readonly parameters: Float32Array;
}

/** Describes the comparisons for small models and for the architectures that the coverage names. */
export function describeBits(engine: Engine, { bitArchitectures }: EngineCoverage): void {
  const models: readonly SmallModel[] = [
    smallDense,
    smallBinary,
    smallCnn,
    ...bitArchitectures.map((name) => ({ name, build: () => architecture(name).build() })),
  ];
  describe.each(models)('bits of $name', (model) => {
    test('a subtree is the tree sum of its chunks, for every chunk size and a short last chunk', async () => {
      const subject = await prepare(engine, model, 3 * largestChunk);
      for (let size = 1; size <= largestChunk; size++) {
        const chunkSizes = [size, size, Math.ceil(size / 2)];
        expectSameBits(
          await request(subject, chunkSizes, 8),
          await treeSum(subject, chunkSizes, 8),
          `chunks of ${String(size)}`,
        );
      }
      await subject.compiled.dispose();
    });

    test('a subtree is the tree sum of its chunks, for every number of chunks', async () => {
      const subject = await prepare(engine, model, 9 * 4);
      for (let count = 1; count <= 9; count++) {
        const chunkSizes = [...Array.from({ length: count - 1 }, () => 4), 3];
        expectSameBits(
          await request(subject, chunkSizes, 16),
          await treeSum(subject, chunkSizes, 16),
          `${String(count)} chunks`,
        );
      }
      await subject.compiled.dispose();
    });

    test.each([[[257, 257, 3]], [[600, 600, 300]], [[512, 511]]])(
      'chunks of hundreds have bits of their own: %j',
      async (chunkSizes) => {
        const subject = await prepare(engine, model, 1500);
        expectSameBits(await request(subject, chunkSizes, 4), await treeSum(subject, chunkSizes, 4), 'large chunks');
        await subject.compiled.dispose();
      },
    );

    test('the same request gives the same bits after others, in another order and from another compilation', async () => {
      const subject = await prepare(engine, model, 40);
      const again = await prepare(engine, model, 40);
      const first = await request(subject, [8, 8], 2);
      const other = await request(subject, [5], 0);
      await subject.compiled.evaluate({ examples: subject.examples, count: 40 }, subject.parameters);
      expectSameBits(await request(subject, [8, 8], 2), first, 'repeated');
      expectSameBits(await request(again, [5], 0), other, 'in another order');
      expectSameBits(await request(again, [8, 8], 2), first, 'from another compilation');
      await subject.compiled.dispose();
      await again.compiled.dispose();
    });
  });
}

async function prepare(
  engine: Engine,
  { build, loss = 'categoricalCrossentropy' }: SmallModel,
  count: number,
): Promise<Subject> {
  const model = build();
  const subject = {
    compiled: await engine.compile({ topology: topologyOf(model), loss, input: 'uint8', seed: runSeed }),
    sizes: exampleSizes(model, loss),
    examples: examplesFor(model, loss, count),
    parameters: parametersFor(model),
  };
  model.dispose();
  return subject;
}

interface Answer {
  readonly contribution: Float32Array;
  readonly loss: number;
  readonly correct: number;
}

/** The answer for chunks of the first examples, or of those from `first` on. */
async function request(
  subject: Subject,
  chunkSizes: readonly number[],
  firstChunk: number,
  first = 0,
): Promise<Answer> {
  const { compiled, examples, parameters, sizes } = subject;
  const contribution = new Float32Array(compiled.layout.size);
  const end = first + chunkSizes.reduce((sum, size) => sum + size, 0);
  const batch = examplesBetween(examples, sizes, first, end);
  const at = { firstChunk, epoch: 1, step: 7 };
  const sums = await compiled.gradient({ examples: batch, chunkSizes, ...at }, parameters, contribution);
  return { contribution, ...sums };
}

/** The same, each chunk asked for by itself, last one first, and added along the tree. */
async function treeSum(subject: Subject, chunkSizes: readonly number[], firstChunk: number): Promise<Answer> {
  const sum = new TreeSum<Answer>(chunkSizes.length, (left, right) => ({
    contribution: addInPlace(left.contribution, right.contribution),
    loss: left.loss + right.loss,
    correct: left.correct + right.correct,
  }));
  for (const [index, size] of [...chunkSizes.entries()].reverse()) {
    const first = chunkSizes.slice(0, index).reduce((total, before) => total + before, 0);
    sum.give({ level: 0, index }, await request(subject, [size], firstChunk + index, first));
  }
  return sum.root;
}

/** Equal bytes of the contribution; losses up to the order in which float64 sums of them were taken. */
function expectSameBits(actual: Answer, expected: Answer, what: string): void {
  const bytes = ({ contribution }: Answer): Buffer => Buffer.from(contribution.buffer);
  expect(Buffer.compare(bytes(actual), bytes(expected)), what).toBe(0);
  expect(actual.correct, what).toBe(expected.correct);
  expect(actual.loss, what).toBeCloseTo(expected.loss, 10);
}
