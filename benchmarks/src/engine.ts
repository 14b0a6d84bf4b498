/**
 * Times the engine by itself, one thread, for each network of the study: `ort-cpu` in its default chunks and in one chunk, in turn with
 * PyTorch and, for some networks, with TF.js on WebAssembly; then profiles each network and says what limits it.
 *
 * `npm run engine -w @weft/benchmarks`; README.md says how to read the result.
 */
import { parseArgs } from 'node:util';
import { architecture, architectureNames } from '@weft/nn-models';
import { runEngine, type EngineTiming } from './engine/engine-process.ts';
import { trainingFlops } from './engine/flop-count.ts';
import type { OperatorTime } from './engine/operator-times.ts';
import { productLayers } from './engine/product-layers.ts';
import { engineTable, profileTable, type EngineFigures } from './engine/engine-tables.ts';
import { limitOf, timeBudget } from './engine/time-budget.ts';
import { findExamples } from './examples.ts';
import { findPyTorch, timePyTorch } from './peer/pytorch.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { count, models, positive } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { median, ratioSpread, rounded, spreadOf } from './report/statistics.ts';
import { rateText } from './report/table.ts';

/** Chunks of a batch: the default size, and the whole batch as one, which is what PyTorch computes. */
const defaultChunk = 32;

/** All timings of one network, in the order of rounds. */
interface Contest {
  readonly model: string;
  readonly chunked: EngineTiming[];
  readonly whole: EngineTiming[];
  readonly wasm: EngineTiming[];
  readonly pytorch: number[];
}

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: architectureNames.join(',') },
      'wasm-models': { type: 'string', default: 'initial-nn,deep-ann,simple-cnn' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      'batch-size': { type: 'string', default: '128' },
      optimizer: { type: 'string', default: 'adam' },
      'data-dir': { type: 'string' },
      python: { type: 'string' },
      output: { type: 'string' },
    },
  });
  const about = await circumstances('engine');
  const { optimizer } = values;
  const batchSize = count('batch-size', values['batch-size']);
  const seconds = positive('seconds', values.seconds);
  const rounds = count('rounds', values.rounds);
  const withWasm = new Set<string>(models('wasm-models', values['wasm-models']));
  const contests = models('models', values.models).map((model): Contest => ({
    model,
    chunked: [],
    whole: [],
    wasm: [],
    pytorch: [],
  }));
  const { name: examples, directory: dataDirectory } = await findExamples(values['data-dir']);
  const pytorch = await findPyTorch(values.python === undefined ? undefined : [values.python]);
  if ('missing' in pytorch) console.error(`PyTorch is skipped: ${pytorch.missing}`);

  const peaks: number[] = [];
  for (let round = 1; round <= rounds; round++) {
    const { peakGflops } = await runEngine<{ peakGflops: number }>('profile', { peak: true, seconds }, signal);
    peaks.push(peakGflops);
    for (const { model, chunked, whole, wasm, pytorch: theirs } of contests) {
      const task = { model, optimizer, batchSize, seconds, dataDirectory };
      const time = (engine: string, chunkSize: number): Promise<EngineTiming> =>
        runEngine('timing', { ...task, engine, chunkSize }, signal);
      const ours = await time('ort-cpu', defaultChunk);
      chunked.push(ours);
      let line = `round ${String(round)} ${model}: ort-cpu ${rateText(ours.examplesPerSecond)} ex/s`;
      if (!('missing' in pytorch)) {
        const { examplesPerSecond } = await timePyTorch(pytorch, { ...task, script: 'single' }, signal);
        theirs.push(examplesPerSecond);
        line += `, PyTorch ${rateText(examplesPerSecond)} ex/s`;
      }
      whole.push(await time('ort-cpu', batchSize));
      if (withWasm.has(model)) wasm.push(await time('tfjs-wasm', batchSize));
      console.error(line);
    }
  }

  const peakGflops = rounded(Math.max(...peaks));
  const figures: EngineFigures[] = [];
  for (const { model, chunked, whole, wasm, pytorch: theirs } of contests) {
    const task = { model, optimizer, batchSize, seconds, dataDirectory, chunkSize: defaultChunk };
    const { operators } = await runEngine<{ operators: OperatorTime[] }>('profile', task, signal);
    const gradientMs = rounded(median(chunked.map(({ medianGradientMs }) => medianGradientMs)));
    const budget = timeBudget(operators, median(chunked.map(({ medianStepMs }) => medianStepMs)), gradientMs);
    const rates = chunked.map(({ examplesPerSecond }) => examplesPerSecond);
    const wasmRates = wasm.map(({ examplesPerSecond }) => examplesPerSecond);
    const flopsPerExample = trainingFlops(productLayers(architecture(model).build()));
    const gflops = (flopsPerExample * median(rates)) / 1e9;
    figures.push({
      model,
      flopsPerExample,
      gflops: rounded(gflops),
      peakShare: rounded(gflops / peakGflops),
      ortCpu: spreadOf(rates),
      ortCpuWholeBatch: spreadOf(whole.map(({ examplesPerSecond }) => examplesPerSecond)),
      pytorch: spreadOf(theirs),
      tfjsWasm: spreadOf(wasmRates),
      ratioToPyTorch: ratioSpread(rates, theirs),
      ratioToWasm: ratioSpread(rates, wasmRates),
      gradientMs,
      toFirstStepMs: rounded(median(chunked.map(({ toFirstStepMs }) => toFirstStepMs))),
      peakMemoryMiB: Math.max(...chunked.map(({ peakMemoryMiB }) => peakMemoryMiB)),
      budget,
      limit: limitOf(budget, peakGflops),
    });
  }
  const path = await writeResult(values.output ?? defaultResultPath(about), about, {
    versions: {
      engine: contests[0]?.chunked[0]?.fingerprint ?? '',
      pytorch: 'missing' in pytorch ? null : pytorch.version,
    },
    settings: { batchSize, chunkSize: defaultChunk, optimizer, seconds, rounds, examples },
    peakGflops,
    figures,
  });
  console.log(engineTable(figures));
  console.log(`\nPeak: ${rateText(peakGflops)} GFLOP/s, the fastest of large products.\n`);
  console.log(profileTable(figures));
  for (const { model, limit } of figures) console.log(`- ${model}: ${limit}`);
  console.log(
    `\nMedians (range) of ${String(rounds)} rounds; load before ${about.loadBefore.join(' ')}; written to ${path}`,
  );
});
