/** An engine's gradients and next states against the float64 reference, variable by variable. */
import type * as tf from '@tensorflow/tfjs';
import { WeftError } from '@weft/core';
import { architecture, topologyOf, type ParameterLayout } from '@weft/nn-models';
import { describe, expect, test } from 'vitest';
import type { Engine, LossName, MetricSums } from '../engine.ts';
import { examplesFor, parametersFor, referenceOf, runSeed } from './contract-examples.ts';
import type { EngineCoverage } from './engine-contract.ts';
import { layerCases } from './layer-cases.ts';
import { smallDense } from './small-models.ts';

/** Largest relative error: of a variable in the 2-norm, and of the loss. */
const tolerance = 1e-4;

/** Describes the comparison for small models of every layer, and for the architectures that the coverage names. */
export function describeGradients(engine: Engine, { architectures, refuses }: EngineCoverage): void {
  describe('against float64', () => {
    for (const { build, count, loss, name } of layerCases()) {
      if (refuses.includes(name)) {
        test(`${name}: is refused by a message that says what to do`, async () => {
          const refused = await compareWithReference(engine, build(), loss, count).catch((thrown: unknown) => thrown);
          expect(refused).toBeInstanceOf(WeftError);
          expect(refused).toMatchObject({ code: 'incompatible', message: expect.stringMatching(/--engine/) as string });
        });
      } else {
        test(`${name}: loss, hits, gradient and state are right`, () =>
          compareWithReference(engine, build(), loss, count));
      }
    }
    describeArchitectures(engine, architectures);

    test('a softmax so sure of itself that float32 probabilities are zero: loss and gradient are right', () => {
      const model = smallDense.build();
      const parameters = parametersFor(model).map((value) => 12 * value);
      return compareWithReference(engine, model, 'categoricalCrossentropy', 8, parameters);
    });
  });
}

/** Describes the comparison for architectures, each with a number of examples. */
export function describeArchitectures(engine: Engine, architectures: EngineCoverage['architectures']): void {
  for (const [name, count] of Object.entries(architectures)) {
    test(`${name}, ${String(count)} examples: loss, hits, gradient and state are right`, () =>
      compareWithReference(engine, architecture(name).build(), 'categoricalCrossentropy', count));
  }
}

async function compareWithReference(
  engine: Engine,
  model: tf.LayersModel,
  loss: LossName,
  count: number,
  parameters = parametersFor(model),
): Promise<void> {
  const request = {
    examples: examplesFor(model, loss, count),
    chunkSizes: [count],
    firstChunk: 5,
    epoch: 2,
    step: 3,
  };
  const compiled = await engine.compile({ topology: topologyOf(model), loss, input: 'uint8', seed: runSeed });
  const contribution = new Float32Array(compiled.layout.size);
  const sums = await compiled.gradient(request, parameters, contribution);
  await compiled.dispose();
  const reference = referenceOf(model, loss, request, parameters);
  model.dispose();
  expectMetrics(sums, reference);
  expect(errorsOf(contribution, reference.contribution, compiled.layout)).toEqual([]);
}

/** The variables whose relative error is beyond the tolerance. */
export function errorsOf(actual: Float32Array, expected: Float64Array, layout: ParameterLayout): string[] {
  return layout.entries.flatMap(({ length, name, offset }) => {
    let squaredError = 0;
    let squaredNorm = 0;
    for (let at = offset; at < offset + length; at++) {
      squaredError += ((actual[at] ?? NaN) - (expected[at] ?? NaN)) ** 2;
      squaredNorm += (expected[at] ?? NaN) ** 2;
    }
    const error = Math.sqrt(squaredError / squaredNorm);
    return error < tolerance ? [] : [`${name}: ${error.toExponential(1)}`];
  });
}

/** Expects equal hits, and losses within the tolerance. */
export function expectMetrics(actual: MetricSums, expected: MetricSums): void {
  expect(actual.correct).toBe(expected.correct);
  expect(Math.abs(actual.loss / expected.loss - 1)).toBeLessThan(tolerance);
}
