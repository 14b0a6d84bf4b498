/**
 * Shows that gradients have the same bits in every process: many of them, one after the other and under load on another core,
 * compute the same requests for each network and chunk size. Exit status 1 where any digest differs.
 *
 * `npm run determinism -w @weft/benchmarks`; README.md says how to read the result.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { architectureNames } from '@weft/nn-models';
import { compareDigests, digestsOfProcess, type ProcessDigests } from './determinism/collect-digests.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { runLines } from './process/line-process.ts';
import { count, counts, models } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { markdownTable } from './report/table.ts';

const loadTimeoutMs = 3_600_000;

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'ort-cpu' },
      models: { type: 'string', default: architectureNames.join(',') },
      sizes: { type: 'string', default: '128,64,32,8,1' },
      processes: { type: 'string', default: '20' },
      output: { type: 'string' },
    },
  });
  const about = await circumstances('determinism');
  const task = {
    engine: values.engine,
    models: models('models', values.models),
    sizes: counts('sizes', values.sizes),
  };
  const processes = count('processes', values.processes);
  const stop = new AbortController();
  const load = keepBusy(AbortSignal.any([signal, stop.signal]));
  const all: ProcessDigests[] = [];
  try {
    for (let turn = 1; turn <= processes; turn++) {
      all.push(await digestsOfProcess(task, turn, signal));
      console.error(`process ${String(turn)} of ${String(processes)}`);
    }
  } finally {
    stop.abort();
    await load;
  }
  const cases = compareDigests(all);
  const different = cases.filter(({ digests }) => digests.length > 1);
  const settings = { ...task, processes };
  const fingerprint = all[0]?.fingerprint ?? '';
  const figures = { fingerprint, settings, different: different.length, cases };
  const path = await writeResult(values.output ?? defaultResultPath(about), about, figures);
  const rows = cases.map(({ title, digests }) => [
    title,
    ...[String(digests[0]?.processes ?? 0), String(digests.length), digests[0]?.digest.slice(0, 16) ?? ''],
  ]);
  console.log(markdownTable(['model, chunks', 'processes', 'digests', 'SHA-256'], rows));
  console.log(`\n${String(different.length)} of ${String(cases.length)} cases differ; written to ${path}`);
  if (different.length > 0) process.exitCode = 1;
});

/** Keeps another core busy until `signal` aborts. */
async function keepBusy(signal: AbortSignal): Promise<void> {
  const program = { title: 'the load', command: process.execPath, argv: ['-e', 'for (;;);'] };
  await runLines({ ...program, timeoutMs: loadTimeoutMs, signal, take: () => 'more' }).catch((thrown: unknown) => {
    if (!signal.aborted) throw thrown;
  });
}
