/** The digest of what an engine answers to a fixed, seeded request: equal digests are equal bits. */
import { createHash } from 'node:crypto';
import { PhiloxStream } from '@weft/core';
import type { CompiledModel, Engine } from '@weft/engine';
import { architecture, initialParameters, topologyOf, type ArchitectureName } from '@weft/nn-models';
import type { GradientCase } from './gradient-case.ts';

const seed = 20_261_125;
const classes = 10;
const pixels = 784;

/** A model of one process, compiled once. */
export interface DigestedModel {
  readonly compiled: CompiledModel;
  readonly parameters: Float32Array;
}

/** Compiles the architecture `name` with its initial parameters. */
export async function openModel(engine: Engine, name: ArchitectureName): Promise<DigestedModel> {
  const model = architecture(name).build();
  const topology = topologyOf(model);
  const parameters = initialParameters(model, seed);
  model.dispose();
  const compiled = await engine.compile({ topology, loss: 'categoricalCrossentropy', input: 'uint8', seed });
  return { compiled, parameters };
}

/** SHA-256 of contribution, loss and hits, hexadecimal. */
export async function gradientDigest({ compiled, parameters }: DigestedModel, of: GradientCase): Promise<string> {
  const count = of.chunkSizes.reduce((sum, size) => sum + size, 0);
  const stream = new PhiloxStream(seed, 'syntheticData', 0);
  const examples = {
    inputs: Uint8Array.from({ length: count * pixels }, () => Math.max(0, stream.below(512) - 256)),
    targets: Int32Array.from({ length: count }, () => stream.below(classes)),
  };
  const into = new Float32Array(compiled.layout.size);
  const request = { examples, chunkSizes: of.chunkSizes, firstChunk: 4, epoch: 1, step: 7 };
  const { loss, correct } = await compiled.gradient(request, parameters, into);
  const metrics = Float64Array.of(loss, correct);
  return createHash('sha256').update(new Uint8Array(into.buffer)).update(new Uint8Array(metrics.buffer)).digest('hex');
}
