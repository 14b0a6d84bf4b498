/**
 * Emulates 8 to 64 trainers: a real coordinator process and real connections, but contributions that nobody computed.
 *
 * It shows what the protocol costs, not how training scales: all trainers share this process and this machine.
 * `npm run emulation -w @weft/benchmarks`; README.md says how to read the result.
 */
import { parseArgs } from 'node:util';
import { StandingCluster, type Transport } from '@weft/e2e';
import { measureGang, type GangCosts } from './emulation/emulated-gang.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { counts, positive } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { rounded } from './report/statistics.ts';
import { markdownTable } from './report/table.ts';

interface Row extends GangCosts {
  readonly transport: Transport;
  readonly trainers: number;
  readonly elements: number;
}

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      trainers: { type: 'string', default: '8,16,32,64' },
      elements: { type: 'string', default: '25450,1000000' },
      seconds: { type: 'string', default: '10' },
      output: { type: 'string' },
    },
  });
  const about = await circumstances('emulation');
  const seconds = positive('seconds', values.seconds);
  const rows: Row[] = [];
  const cells = counts('elements', values.elements).flatMap((layoutSize) =>
    counts('trainers', values.trainers).map((trainers) => ({ layoutSize, trainers })),
  );
  for (const transport of ['star', 'direct'] as const) {
    for (const { layoutSize, trainers } of cells) {
      signal.throwIfAborted();
      // Emulated trainers send no heartbeats.
      const cluster = await StandingCluster.open({ gated: false, coordinatorArgv: ['--heartbeat-timeout', '600s'] });
      try {
        const costs = await measureGang(cluster, { trainers, layoutSize, seconds, transport });
        const { steps, ...means } = costs;
        const tidy = Object.fromEntries(Object.entries(means).map(([name, value]) => [name, rounded(value)]));
        rows.push({ transport, trainers, elements: layoutSize, ...costs, ...tidy });
        console.error(
          `${transport} ${String(trainers)} x ${String(layoutSize)}: ${String(steps)} steps of ${costs.stepMs.toFixed(1)} ms`,
        );
      } finally {
        await cluster.end();
      }
    }
  }
  const path = await writeResult(values.output ?? defaultResultPath(about), about, {
    kind: 'emulation, not scaling: all trainers are in one process and compute nothing',
    settings: { seconds, chunks: 64 },
    figures: rows,
  });
  const megabytes = (bytes: number): string => (bytes / 1e6).toPrecision(3);
  console.log(
    markdownTable(
      ['transport, trainers x elements', 'step ms', 'coordinator CPU ms', 'trainer MB', 'bound MB', 'ratio', 'gang MB'],
      rows.map((row) => [
        `${row.transport} ${String(row.trainers)} x ${String(row.elements)}`,
        row.stepMs.toFixed(1),
        row.coordinatorMs.toFixed(1),
        ...[row.trainerBytes, row.boundBytes].map(megabytes),
        (row.trainerBytes / row.boundBytes).toFixed(2),
        megabytes(row.gangBytes),
      ]),
    ),
  );
  console.log(`written to ${path}`);
});
