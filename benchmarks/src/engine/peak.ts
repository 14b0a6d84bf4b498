/** What this machine can do at best on one thread: a rate to compare the rates of networks with. */
import type { Engine } from '@weft/engine';
import { tensorflow, topologyOf } from '@weft/nn-models';
import { readProfiles } from './profiled-sessions.ts';
import { kernelFlops, readProfile } from './runtime-profile.ts';

const side = 2048;
const rows = 1024;
const steps = 6;

/**
 * GFLOP/s of the fastest product kernel while a network of two dense layers of 2048 units trains on batches of 1024: products
 * of 1024 x 2048 x 2048, large enough that nothing but arithmetic counts. `directory` is where sessions write profiles.
 */
export async function profilePeak(engine: Engine, directory: string): Promise<number> {
  const { layers, sequential } = tensorflow();
  const dense = { units: side, useBias: false } as const;
  const network = sequential({
    name: 'peak',
    layers: [layers.dense({ name: 'first', ...dense, inputShape: [side] }), layers.dense({ name: 'second', ...dense })],
  });
  const topology = topologyOf(network);
  const model = await engine.compile({ topology, loss: 'meanSquaredError', input: 'float32', seed: 1 });
  const parameters = new Float32Array(model.layout.size).fill(1e-3);
  const into = new Float32Array(model.layout.size);
  const inputs = Float32Array.from({ length: rows * side }, (_, index) => Math.sin(index));
  const examples = { inputs, targets: new Float32Array(rows * side) };
  for (let step = 0; step < steps; step++) {
    await model.gradient({ examples, chunkSizes: [rows], firstChunk: 0, epoch: 0, step }, parameters, into);
  }
  await model.dispose();
  const nodes = (await readProfiles(directory)).flatMap((text) => readProfile(text, steps));
  return Math.max(...nodes.map((node) => kernelFlops(node) / node.fastestUs / 1000));
}
