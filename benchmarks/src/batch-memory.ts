/**
 * Measures how much memory a coordinator and its trainers hold at most, by the size of the global batch: it must not grow with it.
 *
 * `npm run batch-memory -w @weft/benchmarks`; README.md says how to read the result.
 */
import { parseArgs } from 'node:util';
import { findExamples } from './examples.ts';
import { trainingMemory, type PeakMemory } from './memory/training-memory.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { counts, models } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { rounded } from './report/statistics.ts';
import { markdownTable, ratioText } from './report/table.ts';

interface Measurement extends PeakMemory {
  readonly model: string;
  readonly trainers: number;
  readonly batchSize: number;
  readonly epochs: number;
}

const optimizer = 'adam';

/** Of processes that have each done a run: the largest trainer counts. */
const largest = ({ trainersMiB }: PeakMemory): number => Math.max(...trainersMiB);

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: 'initial-nn,simple-cnn' },
      trainers: { type: 'string', default: '1,2' },
      'batch-sizes': { type: 'string', default: '128,1024,8192,54000' },
      // Of each model in turn, the last one of all that follow.
      epochs: { type: 'string', default: '2,1' },
      'data-dir': { type: 'string' },
      output: { type: 'string' },
    },
  });
  const about = await circumstances('batch-memory');
  const epochCounts = counts('epochs', values.epochs);
  const batchSizes = counts('batch-sizes', values['batch-sizes']);
  const examples = await findExamples(values['data-dir']);
  const measurements: Measurement[] = [];
  for (const [at, model] of models('models', values.models).entries()) {
    const epochs = epochCounts[at] ?? epochCounts.at(-1) ?? 1;
    for (const trainers of counts('trainers', values.trainers)) {
      for (const batchSize of batchSizes) {
        const peak = await trainingMemory(
          { model, optimizer, transport: 'auto', trainers, batchSize, epochs, examples },
          signal,
        );
        measurements.push({ model, trainers, batchSize, epochs, ...peak });
        const each = peak.trainersMiB.join(' and ');
        console.error(
          `${model} on ${String(trainers)}, batch ${String(batchSize)}: coordinator ${String(peak.coordinatorMiB)}, ${each} MiB`,
        );
      }
    }
  }
  const [smallest = 0] = batchSizes;
  const figures = measurements.map((measurement) => {
    const { model, trainers } = measurement;
    const base = measurements.find(
      (other) => other.model === model && other.trainers === trainers && other.batchSize === smallest,
    );
    const ratios = {
      coordinator: rounded(measurement.coordinatorMiB / (base?.coordinatorMiB ?? Number.NaN)),
      trainers: rounded(largest(measurement) / (base === undefined ? Number.NaN : largest(base))),
    };
    return { ...measurement, toFirstBatch: ratios };
  });
  const settings = { optimizer, examples: examples.name };
  const path = await writeResult(values.output ?? defaultResultPath(about), about, { settings, figures });
  const rows = figures.map(({ model, trainers, batchSize, coordinatorMiB, trainersMiB, toFirstBatch }) => [
    model,
    ...[String(trainers), String(batchSize), String(coordinatorMiB), trainersMiB.join(' and ')],
    `${ratioText(toFirstBatch.coordinator)}, ${ratioText(toFirstBatch.trainers)}`,
  ]);
  const columns = ['model', 'trainers', 'batch', 'coordinator, MiB', 'trainers, MiB', `to batch ${String(smallest)}`];
  console.log(markdownTable(columns, rows));
  console.log(`\nwritten to ${path}`);
});
