/**
 * What networks learn of Fashion-MNIST through a real cluster, and how long that takes.
 *
 * `npm run learning -w @weft/benchmarks`; README.md says how to read the result. Models that are not asked for keep the rows that
 * the result of the same day has.
 */
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { WeftError } from '@weft/core';
import { StandingCluster } from '@weft/e2e';
import { learn, type LearnedRun } from './learning/learned-run.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { count, models } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { markdownTable } from './report/table.ts';

interface Row extends LearnedRun {
  readonly model: string;
  readonly trainers: number;
  readonly epochs: number;
  readonly optimizer: string;
  /** Test accuracy that it is to pass; null where none is named. */
  readonly aim: number | null;
  /** Load averages when it began: with other work on the machine, `seconds` is of both. */
  readonly loadBefore: readonly number[];
}

const aims: Readonly<Record<string, number>> = { 'deep-ann': 0.865, 'simple-cnn': 0.89, 'deep-cnn-bn': 0.9 };

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: 'deep-ann,simple-cnn,deep-cnn-bn' },
      epochs: { type: 'string', default: '5' },
      trainers: { type: 'string', default: '2' },
      optimizer: { type: 'string', default: 'adam' },
      'data-dir': { type: 'string' },
      output: { type: 'string' },
    },
  });
  const trainers = count('trainers', values.trainers);
  const epochs = count('epochs', values.epochs);
  const { optimizer } = values;
  const dataDirectory = values['data-dir'];
  const trainerArgv = dataDirectory === undefined ? [] : ['--data-dir', dataDirectory];
  // Nobody is lost for being slow while others use the machine.
  const coordinatorArgv = ['--heartbeat-timeout', '600s'];
  for (const model of models('models', values.models)) {
    const about = await circumstances('learning');
    const cluster = await StandingCluster.open({ gated: false, coordinatorArgv, trainerArgv });
    let row: Row;
    try {
      await cluster.settle(trainers);
      const task = { model, epochs, optimizer, dataDirectory };
      const learned = await learn(cluster, task, signal, (epoch, accuracy) => {
        console.error(`${model}, epoch ${String(epoch)}: validation accuracy ${accuracy.toFixed(4)}`);
      });
      row = { model, trainers, epochs, optimizer, aim: aims[model] ?? null, ...learned, loadBefore: about.loadBefore };
    } finally {
      await cluster.end();
    }
    const target = values.output ?? defaultResultPath(about);
    const others = (await rowsOf(target)).filter((other) => other.model !== model);
    const figures = [...others, row];
    const path = await writeResult(target, about, { settings: { batchSize: 128, seed: 1 }, figures });
    console.log(table(figures));
    console.log(`written to ${path}`);
  }
});

async function rowsOf(path: string): Promise<readonly Row[]> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const { figures } = JSON.parse(text) as { readonly figures?: readonly Row[] };
  if (figures === undefined) throw new WeftError('corrupt', `${path} has no figures: move it away`);
  return figures;
}

function table(rows: readonly Row[]): string {
  return markdownTable(
    ['model', 'epochs', 'trainers', 'test accuracy', 'aim', 'seconds', 'processor seconds'],
    rows.map((row) => [
      row.model,
      ...[row.epochs, row.trainers].map(String),
      ...[row.testAccuracy, row.aim].map((share) => share?.toFixed(4) ?? '-'),
      ...[row.seconds, row.processorSeconds].map((seconds) => seconds?.toFixed(0) ?? '-'),
    ]),
  );
}
