/**
 * Kills and freezes trainers at random moments and times how long the others stand still.
 *
 * `npm run faults -w @weft/benchmarks`; README.md says how to read the result, faults/recovery.ts what exactly is timed.
 */
import { parseArgs } from 'node:util';
import { configurationOf, describe, isOver, resultOf, StandingCluster, submit } from '@weft/e2e';
import type { ConfigurationInit, Transport } from '@weft/e2e';
import { setTimeout as sleep } from 'node:timers/promises';
import { LossSeries, type LossFindings } from './faults/loss-series.ts';
import { quantile } from './faults/quantile.ts';
import type { LossSignal, Recovery } from './faults/recovery.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { count, models } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { markdownTable } from './report/table.ts';

interface Series {
  readonly model: string;
  readonly transport: Transport;
  readonly signal: LossSignal;
  readonly findings: LossFindings;
}

/** Epochs so that several losses fall into a run, and the last one ends soon. */
const epochs: Readonly<Record<string, number>> = { 'initial-nn': 10, 'simple-cnn': 2 };
const heartbeatTimeoutMs = 3000;
const transports = ['star', 'direct'] as const;

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      models: { type: 'string', default: 'initial-nn,simple-cnn' },
      kills: { type: 'string', default: '200' },
      stops: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      output: { type: 'string' },
    },
  });
  const about = await circumstances('faults');
  const chosen = models('models', values.models);
  const wanted = { SIGKILL: count('kills', values.kills), SIGSTOP: count('stops', values.stops) } as const;
  const series: Series[] = [];
  const cluster = await StandingCluster.open({ gated: false });
  try {
    for (const model of chosen) {
      const configuration = await configurationOf({
        ...{ model, epochs: epochs[model] ?? 4, trainExamples: 12_000, testExamples: 500 },
      });
      await cluster.settle(1);
      const expected = await undisturbed(cluster, configuration);
      const seed = count('seed', values.seed);
      for (const transport of transports) {
        for (const lossSignal of ['SIGKILL', 'SIGSTOP'] as const) {
          const losses = Math.ceil(wanted[lossSignal] / chosen.length / transports.length);
          const losing = new LossSeries(cluster, { configuration, transport, expected, seed });
          const title = `${model} ${transport} ${lossSignal}`;
          const findings = await losing.lose(losses, lossSignal, (done, recovery) => {
            signal.throwIfAborted();
            console.error(`${title} ${String(done)} of ${String(losses)}: ${describeRecovery(recovery)}`);
          });
          series.push({ model, transport, signal: lossSignal, findings });
        }
      }
    }
  } finally {
    await cluster.end();
  }
  const figures = series.flatMap(figuresOf);
  const path = await writeResult(values.output ?? defaultResultPath(about), about, {
    settings: { heartbeatTimeoutMs, batchSize: 128, chunkSize: 16, examples: 'synthetic-fashion', seed: values.seed },
    totals: series.map(({ findings, ...what }) => {
      const { recoveries, ...others } = findings;
      return { ...what, losses: recoveries.length, ...others };
    }),
    figures,
    losses: series.map(({ findings, ...what }) => ({
      ...what,
      committedMs: findings.recoveries.map((recovery) => Math.round(recovery.committedMs)),
    })),
  });
  const rows = figures.map((row) => [
    `${row.model} ${row.transport} ${row.signal}`,
    row.trainers,
    String(row.losses),
    ...[row.regroupedMs.median, row.committedMs.median, row.committedMs.p95, row.committedMs.max].map(String),
  ]);
  console.log(markdownTable(['run', 'trainers', 'losses', 'regrouped ms', 'next step ms', 'p95', 'max'], rows));
  for (const { model, transport, signal: lossSignal, findings } of series) {
    const { runs, wrongResults, hangs } = findings;
    console.log(
      `${model} ${transport} ${lossSignal}: ${String(hangs)} hangs; ${String(wrongResults)} of ${String(runs)} results are wrong`,
    );
  }
  console.log(`written to ${path}`);
});

/** The result of one trainer that nothing happens to. */
async function undisturbed(cluster: StandingCluster, configuration: ConfigurationInit): Promise<string> {
  const runId = await submit(cluster.coordinator, configuration);
  for (;;) {
    const run = await describe(cluster.coordinator, runId);
    if (isOver(run)) return resultOf(run).result;
    await sleep(100);
  }
}

function describeRecovery({ worldSize, regroupedMs, committedMs }: Recovery): string {
  return `1 of ${String(worldSize)}, regrouped after ${regroupedMs.toFixed(0)} ms, next step after ${committedMs.toFixed(0)} ms`;
}

/** One row for each number of trainers, and one for all. */
function figuresOf({ findings, ...about }: Series) {
  const groups = [
    ['all', findings.recoveries] as const,
    ...[...Map.groupBy(findings.recoveries, ({ worldSize }) => String(worldSize))].sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
  return groups.map(([trainers, recoveries]) => ({
    ...about,
    ...{ trainers, losses: recoveries.length },
    regroupedMs: summary(recoveries.map(({ regroupedMs }) => regroupedMs)),
    committedMs: summary(recoveries.map(({ committedMs }) => committedMs)),
  }));
}

function summary(values: readonly number[]) {
  return {
    median: Math.round(quantile(values, 0.5)),
    p95: Math.round(quantile(values, 0.95)),
    max: Math.round(Math.max(...values)),
  };
}
