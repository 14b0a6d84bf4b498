/** Training steps as a trainer of a run makes them when it is alone: draw, gradient of all chunks, mean, update. */
import { homedir } from 'node:os';
import { chunkSizes, permutation, type BatchPlan } from '@weft/core';
import { gatherExamples, openDataSet, userCacheDirectory } from '@weft/data';
import {
  createReplica,
  defaultLearningRates,
  parseOptimizer,
  type BatchNormalization,
  type CompiledModel,
  type Engine,
} from '@weft/engine';
import { architecture, initialParameters, topologyOf } from '@weft/nn-models';

/** What to train. */
export interface StepTask {
  readonly model: string;
  readonly optimizer: string;
  readonly batchSize: number;
  readonly chunkSize: number;
  /** Folder of Fashion-MNIST; generated pictures where undefined. */
  readonly dataDirectory: string | undefined;
  readonly batchNormalization?: BatchNormalization;
}

/** Milliseconds of the parts of one step. */
export interface StepTime {
  readonly wholeMs: number;
  readonly gradientMs: number;
}

/** A model that is ready to train, and the next step. */
export interface StepLoop {
  readonly model: CompiledModel;
  /** From topology to a model that can make graphs. */
  readonly compileMs: number;
  /** One step on the next batch; every batch is whole, so that every step is the same work. */
  readonly step: () => Promise<StepTime>;
}

const seed = 1;
const syntheticSizes = { trainCount: 6_000, testCount: 10 };

/** Loads the data and compiles the model. Throws what loading and compiling throw. */
export async function openStepLoop(engine: Engine, task: StepTask): Promise<StepLoop> {
  const { dataDirectory, batchSize, chunkSize, batchNormalization = 'ghost' } = task;
  const cacheDirectory = userCacheDirectory({}, homedir());
  const dataSet =
    dataDirectory === undefined
      ? await openDataSet('synthetic-fashion', { cacheDirectory, synthetic: syntheticSizes })
      : await openDataSet('fashion-mnist', { cacheDirectory, dataDirectory, download: false });
  const examples = dataSet.train;
  const layers = architecture(task.model).build();
  const topology = topologyOf(layers);
  const compileStartedMs = performance.now();
  const loss = 'categoricalCrossentropy';
  const model = await engine.compile({ topology, loss, input: 'uint8', seed, batchNormalization });
  const compileMs = performance.now() - compileStartedMs;
  const optimizer = parseOptimizer(task.optimizer);
  const replica = createReplica(model.layout, optimizer);
  const learningRate = defaultLearningRates[optimizer.name];
  replica.parameters.set(initialParameters(layers, seed));

  const plan: BatchPlan = { exampleCount: examples.count, globalBatch: batchSize, chunkSize };
  const steps = Math.floor(examples.count / batchSize);
  const order = permutation(seed, 0, examples.count);
  const inputs = new Uint8Array(batchSize * examples.exampleSize);
  const targets = new Int32Array(batchSize);
  let count = 0;
  const step = async (): Promise<StepTime> => {
    const startedMs = performance.now();
    const ordinal = count++;
    const first = (ordinal % steps) * batchSize;
    gatherExamples(examples, order, { first, end: first + batchSize }, inputs, targets);
    const request = {
      examples: { inputs, targets },
      chunkSizes: chunkSizes(plan, 0, { first: 0, end: Math.ceil(batchSize / chunkSize) }),
      firstChunk: 0,
      epoch: Math.floor(ordinal / steps),
      step: ordinal % steps,
    };
    const gradientStartedMs = performance.now();
    // A trainer alone is its own exchange.
    await model.gradient(request, replica.parameters, replica.contribution, (_, local) => Promise.resolve(local));
    const gradientMs = performance.now() - gradientStartedMs;
    replica.takeMean(batchSize);
    replica.apply(learningRate);
    return { wholeMs: performance.now() - startedMs, gradientMs };
  };
  return { model, compileMs, step };
}
