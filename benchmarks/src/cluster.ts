/**
 * Times training through the whole system: `weft train` on 1 and 2 trainers, in turn with PyTorch on 1 process and with DDP on 2.
 *
 * `npm run cluster -w @weft/benchmarks`; README.md says how to read the result.
 */
import { parseArgs } from 'node:util';
import { timeTraining } from './cluster/weft-training.ts';
import { findExamples } from './examples.ts';
import { findPyTorch, timePyTorch } from './peer/pytorch.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { count, counts, models, positive } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { ratioSpread, rounded, spreadOf } from './report/statistics.ts';
import { markdownTable, rateText, ratioText, spreadText } from './report/table.ts';

/** One model on one number of trainers, with its rates in the order of rounds. */
interface Contest {
  readonly model: string;
  readonly trainers: number;
  readonly weft: number[];
  readonly pytorch: number[];
  /** Milliseconds for each global batch, where the system tells them. */
  readonly coordinatorMs: number[];
  readonly trainersMs: number[];
}

/** The PyTorch timing with as many processes; there are scripts for one and for two. */
const peers: Readonly<Record<number, 'single' | 'ddp'>> = { 1: 'single', 2: 'ddp' };
/** The networks that the DDP script knows. */
const distributed = ['initial-nn', 'deep-ann', 'simple-cnn', 'deep-cnn-bn'];

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: 'initial-nn,simple-cnn' },
      trainers: { type: 'string', default: '1,2' },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '6' },
      'batch-size': { type: 'string', default: '128' },
      optimizer: { type: 'string', default: 'adam' },
      'data-dir': { type: 'string' },
      python: { type: 'string' },
      output: { type: 'string' },
    },
  });
  const about = await circumstances('cluster');
  const batchSize = count('batch-size', values['batch-size']);
  const seconds = positive('seconds', values.seconds);
  const rounds = count('rounds', values.rounds);
  const { optimizer } = values;
  const contests = models('models', values.models).flatMap((model) =>
    counts('trainers', values.trainers).map((trainers): Contest => {
      return { model, trainers, weft: [], pytorch: [], coordinatorMs: [], trainersMs: [] };
    }),
  );
  const examples = await findExamples(values['data-dir']);
  const pytorch = await findPyTorch(values.python === undefined ? undefined : [values.python]);
  if ('missing' in pytorch) console.error(`PyTorch and DDP are skipped: ${pytorch.missing}`);

  let engineFingerprint = '';
  for (let round = 1; round <= rounds; round++) {
    for (const { model, trainers, weft, pytorch: theirs, coordinatorMs, trainersMs } of contests) {
      const common = { model, optimizer, batchSize, seconds };
      const ours = await timeTraining({ ...common, trainers, examples }, signal);
      weft.push(rounded(ours.examplesPerSecond));
      if (ours.processorMs.coordinator !== null) coordinatorMs.push(ours.processorMs.coordinator);
      if (ours.processorMs.trainers !== null) trainersMs.push(ours.processorMs.trainers);
      ({ engineFingerprint } = ours);
      let line = `round ${String(round)} ${model} on ${String(trainers)}: weft ${rateText(ours.examplesPerSecond)} ex/s`;
      const script = peers[trainers];
      if (!('missing' in pytorch) && script !== undefined && (script === 'single' || distributed.includes(model))) {
        const task = { ...common, script, dataDirectory: examples.directory };
        const { examplesPerSecond } = await timePyTorch(pytorch, task, signal);
        theirs.push(examplesPerSecond);
        line += `, ${script === 'ddp' ? 'DDP' : 'PyTorch'} ${rateText(examplesPerSecond)} ex/s`;
      }
      console.error(line);
    }
  }

  const figures = contests.map(({ model, trainers, weft, pytorch: theirs, coordinatorMs, trainersMs }) => ({
    model,
    trainers,
    weft: spreadOf(weft),
    pytorch: spreadOf(theirs),
    ratio: ratioSpread(weft, theirs),
    processorMsPerBatch: { coordinator: spreadOf(coordinatorMs), trainers: spreadOf(trainersMs) },
  }));
  const path = await writeResult(values.output ?? defaultResultPath(about), about, {
    versions: { engine: engineFingerprint, pytorch: 'missing' in pytorch ? null : pytorch.version },
    settings: { batchSize, optimizer, seconds, rounds, examples: examples.name },
    figures,
  });
  const rows = figures.map(({ model, trainers, weft, pytorch: theirs, ratio, processorMsPerBatch }) => [
    model,
    String(trainers),
    spreadText(weft),
    spreadText(theirs),
    spreadText(ratio, ratioText),
    [processorMsPerBatch.coordinator, processorMsPerBatch.trainers]
      .map((ms) => ms?.median.toPrecision(3) ?? '-')
      .join(' + '),
  ]);
  console.log(
    markdownTable(
      ['model', 'trainers', 'weft ex/s', 'PyTorch / DDP ex/s', 'ratio', 'CPU ms a step: coordinator + trainers'],
      rows,
    ),
  );
  console.log(
    `\nMedians (range) of ${String(rounds)} rounds; load before ${about.loadBefore.join(' ')}; written to ${path}`,
  );
});
