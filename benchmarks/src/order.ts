/**
 * What the promise costs: the same run with sums along the fixed tree and in the order of arrival, with several chunks a trainer and
 * with one, all four in turn in every round. The reference does what others do: one chunk a trainer, added as it comes.
 *
 * `npm run order -w @weft/benchmarks`; README.md says how to read the result.
 */
import { parseArgs } from 'node:util';
import { configurationOf, StandingCluster } from '@weft/e2e';
import type { ArchitectureName } from '@weft/nn-models';
import { timeRun, type StepCosts } from './order/timed-run.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { count, models } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { ratioSpread, spreadOf } from './report/statistics.ts';
import { markdownTable, ratioText, spreadText } from './report/table.ts';

const orders = ['arrival', 'tree'] as const;

interface Contest {
  readonly model: ArchitectureName;
  readonly order: (typeof orders)[number];
  readonly chunkSize: number;
  readonly costs: StepCosts[];
}

const workMs = ({ coordinatorMs, trainersMs }: StepCosts): number => coordinatorMs + trainersMs;

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: 'simple-cnn' },
      trainers: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '10' },
      epochs: { type: 'string', default: '3' },
      'batch-size': { type: 'string', default: '128' },
      'chunk-size': { type: 'string', default: '32' },
      output: { type: 'string' },
    },
  });
  const about = await circumstances('order');
  const trainers = count('trainers', values.trainers);
  const rounds = count('rounds', values.rounds);
  const epochs = count('epochs', values.epochs);
  const batchSize = count('batch-size', values['batch-size']);
  const chunkSizes = [Math.ceil(batchSize / trainers), count('chunk-size', values['chunk-size'])];
  // One chunk a trainer in the order of arrival comes first: the others are compared with it.
  const contests = models('models', values.models).flatMap((model) =>
    chunkSizes.flatMap((chunkSize) => orders.map((order): Contest => ({ model, order, chunkSize, costs: [] }))),
  );
  const clusters = new Map<string, StandingCluster>();
  try {
    for (const order of orders) {
      const cluster = await StandingCluster.open({ gated: false, coordinatorArgv: ['--reduction', order] });
      clusters.set(order, cluster);
      await cluster.settle(trainers);
    }
    for (let round = 1; round <= rounds; round++) {
      // What warms or disturbs the machine within a round hits each of them first and last in turn.
      for (const contest of round % 2 === 0 ? contests.toReversed() : contests) {
        signal.throwIfAborted();
        const cluster = clusters.get(contest.order);
        if (cluster === undefined) continue;
        const { model, order, chunkSize } = contest;
        const data = { trainExamples: 8000, testExamples: 100 };
        const costs = await timeRun(cluster, await configurationOf({ model, epochs, batchSize, chunkSize, ...data }));
        contest.costs.push(costs);
        const title = `round ${String(round)} ${model}, ${order}, chunks of ${String(chunkSize)}`;
        console.error(`${title}: ${costs.stepMs.toFixed(2)} ms, processors ${workMs(costs).toFixed(2)} ms a step`);
      }
    }
  } finally {
    for (const cluster of clusters.values()) await cluster.end();
  }
  const figures = contests.map(({ model, order, chunkSize, costs }) => {
    const reference = contests.find((each) => each.model === model)?.costs ?? [];
    const ratio = (of: (costs: StepCosts) => number) => ratioSpread(costs.map(of), reference.map(of));
    return {
      ...{ model, order, chunkSize },
      stepMs: spreadOf(costs.map(({ stepMs }) => stepMs)),
      coordinatorMs: spreadOf(costs.map(({ coordinatorMs }) => coordinatorMs)),
      trainersMs: spreadOf(costs.map(({ trainersMs }) => trainersMs)),
      stepRatio: ratio(({ stepMs }) => stepMs),
      processorRatio: ratio(workMs),
    };
  });
  const path = await writeResult(values.output ?? defaultResultPath(about), about, {
    settings: { trainers, rounds, epochs, batchSize, transport: 'star', examples: 'synthetic-fashion' },
    figures,
  });
  const rows = figures.map(
    ({ model, order, chunkSize, stepMs, stepRatio, coordinatorMs, trainersMs, processorRatio }) => [
      `${model}, ${order}, chunks of ${String(chunkSize)}`,
      ...[spreadText(stepMs), spreadText(stepRatio, ratioText)],
      [coordinatorMs, trainersMs].map((ms) => ms?.median.toPrecision(3) ?? '-').join(' + '),
      spreadText(processorRatio, ratioText),
    ],
  );
  const header = ['run', 'step ms', 'ratio', 'CPU ms a step: coordinator + trainers', 'ratio'];
  console.log(markdownTable(header, rows));
  console.log(`\nMedians (range) of ${String(rounds)} rounds; ratios to the first row; written to ${path}`);
});
