import { PhiloxStream } from '@weft/core';
import { expect, test } from 'vitest';
import { createMemory, type KernelMemory } from '../kernels/kernel-module.ts';
import { referenceStep, type ReferenceVariable } from './float64-reference.ts';
import type { OptimizerBuffers } from './optimizer-buffers.ts';
import { optimizerCases } from './optimizer-cases.ts';
import { vectorKernels } from './optimizer-kernels.ts';
import { optimizerSlots, type SlotName } from './optimizer-slots.ts';
import type { OptimizerSpec } from './optimizer-spec.ts';
import { optimizerStep } from './optimizer-step.ts';
import { scalarKernels } from './scalar-kernels.ts';

const steps = 40;

/** Three variables that end in no multiple of four; the last starts at zero, as a bias does. */
const lengths = [53, 7, 3];
const trainableSize = 63;
const variables = lengths.map((length, ordinal) => ({
  offset: lengths.slice(0, ordinal).reduce((sum, before) => sum + before, 0),
  length,
}));
const regionBytes = 512;

interface Bench {
  readonly memory: KernelMemory;
  readonly buffers: OptimizerBuffers;
  readonly parameters: Float32Array;
  readonly gradient: Float32Array;
}

function benchOf(spec: OptimizerSpec): Bench {
  const slots = optimizerSlots(spec);
  const memory = createMemory(regionBytes * (2 + slots.length));
  const offsets = new Map<SlotName, number>();
  slots.forEach(({ name, initialValue }, ordinal) => {
    const offset = regionBytes * (2 + ordinal);
    new Float32Array(memory.buffer, offset, trainableSize).fill(initialValue);
    offsets.set(name, offset);
  });
  const parameters = new Float32Array(memory.buffer, 0, trainableSize);
  const stream = new PhiloxStream(5, 'initializer');
  for (let i = 0; i < 60; i++) parameters[i] = stream.normal();
  return {
    memory,
    buffers: { parameters: 0, gradient: regionBytes, slots: offsets, trainableSize, variables },
    parameters,
    gradient: new Float32Array(memory.buffer, regionBytes, trainableSize),
  };
}

/** Gradients of many sizes; those of some elements are always or sometimes zero, or so small that their square vanishes. */
function gradientOf(step: number): Float32Array {
  const stream = new PhiloxStream(9, 'syntheticData', step);
  return Float32Array.from({ length: trainableSize }, (_, i) => {
    const value = stream.normal();
    if (i % 11 === 0) return 0;
    if (i % 7 === 0) return step % 3 === 0 ? value : 0;
    return value * 10 ** ((i % 5) - 2);
  });
}

/** Decays over the steps, from a size at which the parameters move visibly: Adadelta's own steps are tiny. */
function learningRateOf(spec: OptimizerSpec, step: number): number {
  return (spec.name === 'adadelta' ? 2 : 0.02) / (1 + 0.1 * step);
}

test.each(optimizerCases)('$title: the kernels write the bytes of their scalar twin', ({ spec }) => {
  const vector = benchOf(spec);
  const scalar = benchOf(spec);
  const vectorStep = optimizerStep(vectorKernels(vector.memory), spec, vector.buffers);
  const scalarStep = optimizerStep(scalarKernels(scalar.memory), spec, scalar.buffers);
  for (let step = 1; step <= steps; step++) {
    // Tiny gradients too: subnormal squares and moments have to agree as well.
    const scale = step % 4 === 0 ? 1e-22 : 1;
    for (const bench of [vector, scalar]) bench.gradient.set(gradientOf(step).map((value) => value * scale));
    vectorStep(step, learningRateOf(spec, step));
    scalarStep(step, learningRateOf(spec, step));
    expect(Buffer.compare(Buffer.from(vector.memory.buffer), Buffer.from(scalar.memory.buffer)), `step ${step}`).toBe(
      0,
    );
  }
});

test.each(optimizerCases)('$title: parameters follow the published formulas in float64', ({ spec }) => {
  const bench = benchOf(spec);
  const take = optimizerStep(vectorKernels(bench.memory), spec, bench.buffers);
  const split = (values: Float32Array): number[][] =>
    variables.map(({ offset, length }) => [...values.subarray(offset, offset + length)]);
  const reference: ReferenceVariable[] = split(bench.parameters).map((w) => ({ w, state: new Map() }));
  const start = Float64Array.from(bench.parameters);
  for (let step = 1; step <= steps; step++) {
    const gradient = gradientOf(step);
    bench.gradient.set(gradient);
    referenceStep(spec, reference, split(gradient), step, learningRateOf(spec, step));
    take(step, learningRateOf(spec, step));
  }
  const expected = reference.flatMap((variable) => variable.w);
  let moved = 0;
  expected.forEach((value, i) => {
    const way = Math.abs(value - (start[i] ?? 0));
    const tolerance = 5e-6 * (1e-2 + Math.abs(value)) + 1e-6 * way;
    expect(Math.abs((bench.parameters[i] ?? 0) - value), `element ${i}`).toBeLessThan(tolerance);
    moved += way;
  });
  expect(moved / trainableSize).toBeGreaterThan(1e-4);
});

test.each(optimizerCases)('$title: slots whose gradient has gone do not stay subnormal for long', ({ spec }) => {
  const bench = benchOf(spec);
  const take = optimizerStep(vectorKernels(bench.memory), spec, bench.buffers);
  bench.gradient.fill(1e-3);
  for (let step = 1; step <= 2560; step++) {
    take(step, 0.001);
    bench.gradient.fill(0);
  }
  for (const offset of bench.buffers.slots.values()) {
    for (const value of new Float32Array(bench.memory.buffer, offset, trainableSize)) {
      expect(value === 0 || Math.abs(value) >= 2 ** -126).toBe(true);
    }
  }
});

test.each(optimizerCases)('$title: a gradient that is no number makes its parameter one that is none', ({ spec }) => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const bench = benchOf(spec);
    const take = optimizerStep(vectorKernels(bench.memory), spec, bench.buffers);
    bench.gradient.set(gradientOf(1));
    bench.gradient[8] = bad;
    take(1, 0.01);
    expect(Number.isFinite(bench.parameters[8])).toBe(false);
  }
});
