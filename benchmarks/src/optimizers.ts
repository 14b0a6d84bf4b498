/**
 * Times optimizer steps (WebAssembly SIMD beside the scalar twin, taken in turn), dropout masks and the search for
 * non-finite values, on one thread. Prints one JSON object: nanoseconds for each parameter or element, medians.
 */
import { cpus } from 'node:os';
import {
  createReplica,
  fillDropoutMask,
  firstNonFinite,
  optimizerDefaults,
  scalarKernels,
  vectorKernels,
  type OptimizerSpec,
} from '@weft/engine';
import { layOut } from '@weft/nn-models';

/** Parameters of the initial NN, the deep ANN and a VGG-16 for 28 x 28 images. */
const sizes = [25_450, 669_706, 15_243_978];
const maskLength = 131_072;
const maskRates = [0.1, 0.25, 0.3, 0.5];

/** Runs all `tasks` in turn, often enough to fill `budgetMs` each, and returns the median time of each in nanoseconds. */
function medians(tasks: readonly (() => number)[], budgetMs: number): number[] {
  const times = tasks.map((): number[] => []);
  for (const task of tasks) for (let warmUp = 0; warmUp < 3; warmUp++) task();
  const started = performance.now();
  do {
    tasks.forEach((task, ordinal) => times[ordinal]?.push(task()));
  } while (performance.now() - started < budgetMs * tasks.length);
  return times.map((samples) => samples.sort((a, b) => a - b)[samples.length >> 1] ?? Number.NaN);
}

function timed(work: () => void): number {
  const started = performance.now();
  work();
  return (performance.now() - started) * 1e6;
}

/** One timed step; the gradient is put back before it, untimed. */
function stepTask(spec: OptimizerSpec, size: number, kernels: typeof vectorKernels): () => number {
  const layout = layOut([{ name: 'all', shape: [size], trainable: true }]);
  const replica = createReplica(layout, spec, kernels);
  const gradient = Float32Array.from({ length: size }, (_, i) => 0.01 * Math.sin(i));
  replica.parameters.set(gradient);
  return () => {
    replica.contribution.set(gradient);
    return timed(() => {
      replica.apply(1e-6);
    });
  };
}

const round = (value: number): number => Number(value.toPrecision(3));

const steps = Object.values(optimizerDefaults).flatMap((spec) =>
  sizes.map((size) => {
    const tasks = [stepTask(spec, size, vectorKernels), stepTask(spec, size, scalarKernels)];
    const [vector = Number.NaN, scalar = Number.NaN] = medians(tasks, 400).map((time) => time / size);
    return { optimizer: spec.name, size, vector: round(vector), scalar: round(scalar), ratio: round(scalar / vector) };
  }),
);

const mask = new Uint8Array(maskLength);
const masks = maskRates.map((rate) => {
  let step = 0;
  const task = (): number =>
    timed(() => {
      fillDropoutMask({ seed: 1, epoch: 0, step: step++, chunk: 0, layer: 0 }, rate, mask);
    });
  return { rate, nsPerElement: round((medians([task], 300)[0] ?? Number.NaN) / maskLength) };
});

const finite = new Float32Array(1_000_000);
const search = medians([() => timed(() => firstNonFinite(finite))], 300)[0] ?? Number.NaN;

const report = {
  node: process.version,
  cpu: cpus()[0]?.model,
  steps,
  masks,
  firstNonFinite: { nsPerElement: round(search / finite.length) },
};
process.stdout.write(`${JSON.stringify(report, undefined, 1)}\n`);
