/**
 * Measures what a coordinator and its trainers hold as the steps of one long run pass: it must settle.
 *
 * `npm run memory-growth -w @weft/benchmarks`; README.md says how to read the result.
 */
import { parseArgs } from 'node:util';
import { findExamples } from './examples.ts';
import { growthIn10000Steps } from './memory/growth.ts';
import { memoryCourse, type MemorySample } from './memory/memory-course.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { count, models } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { rounded } from './report/statistics.ts';
import { markdownTable } from './report/table.ts';

const optimizer = 'sgd';
const batchSize = 128;
/** Of the training examples, all but those that validate. */
const stepsPerEpoch = Math.ceil(54_000 / batchSize);
const clusters = [
  { trainers: 1, transport: 'auto' },
  { trainers: 2, transport: 'star' },
  { trainers: 2, transport: 'direct' },
];

/** Of one process over a run, in MiB. */
function courseOf(samples: readonly MemorySample[], value: (sample: MemorySample) => number): object {
  const growth = (part: readonly MemorySample[]): number =>
    rounded(growthIn10000Steps(part.map((sample) => ({ step: sample.step, value: value(sample) }))));
  const half = Math.floor(samples.length / 2);
  return { growthIn10000Steps: { firstHalf: growth(samples.slice(0, half)), secondHalf: growth(samples.slice(half)) } };
}

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: 'initial-nn' },
      steps: { type: 'string', default: '60000' },
      interval: { type: 'string', default: '1000' },
      'data-dir': { type: 'string' },
      output: { type: 'string' },
    },
  });
  const about = await circumstances('memory-growth');
  const epochs = Math.ceil(count('steps', values.steps) / stepsPerEpoch);
  const interval = count('interval', values.interval);
  const examples = await findExamples(values['data-dir']);
  const figures = [];
  const rows: string[][] = [];
  for (const model of models('models', values.models)) {
    for (const cluster of clusters) {
      const name = `${model} on ${String(cluster.trainers)}, ${cluster.transport}`;
      const say = ({ step, coordinatorMiB, trainersMiB }: MemorySample): void => {
        console.error(`${name}, step ${String(step)}: ${String(coordinatorMiB)}, ${trainersMiB.join(' and ')} MiB`);
      };
      const training = { model, optimizer, batchSize, epochs, examples, ...cluster };
      const samples = await memoryCourse(training, interval, say, signal);
      const processes = [
        { process: 'coordinator', value: (sample: MemorySample) => sample.coordinatorMiB },
        ...Array.from({ length: cluster.trainers }, (_, at) => ({
          process: `trainer ${String(at + 1)}`,
          value: (sample: MemorySample) => sample.trainersMiB[at] ?? Number.NaN,
        })),
      ];
      const courses = processes.map(({ process, value }) => ({ process, ...courseOf(samples, value) }));
      figures.push({ model, ...cluster, batchSize, epochs, courses, samples });
      rows.push(...processes.map(({ process, value }) => rowOf(name, process, samples, value)));
    }
  }
  const settings = { optimizer, examples: examples.name, interval };
  const path = await writeResult(values.output ?? defaultResultPath(about), about, { settings, figures });
  console.log(markdownTable(['run', 'process', 'MiB at 1/6, 2/6, ... of the steps'], rows));
  console.log(`\nwritten to ${path}`);
});

function rowOf(
  run: string,
  process: string,
  samples: readonly MemorySample[],
  value: (sample: MemorySample) => number,
): string[] {
  const sixths = Array.from({ length: 6 }, (_, at) => samples[Math.ceil(((at + 1) * samples.length) / 6) - 1]);
  return [run, process, sixths.map((sample) => (sample === undefined ? '-' : String(value(sample)))).join(', ')];
}
