/**
 * What a study of thousands of trials costs its coordinator: each trial scheduled, stored and told of; its status; going on with it
 * after a restart. Trials are executed by a formula.
 *
 * `npm run studies -w @weft/benchmarks`; README.md says how to read the result.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureStudy, measureWholeCoordinator, studyKinds, type StudyCost } from '@weft/e2e';
import { benchmarkMain } from './process/benchmark-main.ts';
import { positive } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { rounded } from './report/statistics.ts';
import { markdownTable } from './report/table.ts';

const { values } = parseArgs({
  options: { trials: { type: 'string', default: '10000' }, output: { type: 'string' } },
});

const wholeTrainers = 16;

await benchmarkMain(async (signal) => {
  const about = await circumstances('studies');
  const trials = positive('trials', values.trials);
  const rows: StudyCost[] = [];
  for (const kind of studyKinds) {
    signal.throwIfAborted();
    const directory = await mkdtemp(join(tmpdir(), 'weft-studies-'));
    try {
      const cost = await measureStudy(kind, trials, directory);
      rows.push(cost);
      console.error(`${kind}: ${cost.trialMs.toFixed(2)} ms a trial`);
    } finally {
      await rm(directory, { recursive: true });
    }
  }
  const tidy = rows.map((row) => ({
    ...row,
    trialMs: rounded(row.trialMs),
    statusMs: rounded(row.statusMs),
    resumeMs: rounded(row.resumeMs),
  }));
  const whole = await measureWholeCoordinator('random', trials, wholeTrainers);
  const [trialCpuMs, trialMs] = [rounded(whole.trialCpuMs), rounded(whole.trialMs)];
  const figures = { figures: tidy, whole: { ...whole, trialCpuMs, trialMs } };
  const path = await writeResult(values.output ?? defaultResultPath(about), about, { trials, ...figures });
  console.log(
    markdownTable(
      ['study', 'trials', 'ms a trial', 'status ms', 'resume ms', 'stopped early'],
      rows.map((row) => [
        row.kind,
        String(row.trials),
        row.trialMs.toFixed(2),
        row.statusMs.toFixed(1),
        row.resumeMs.toFixed(0),
        String(row.pruned),
      ]),
    ),
  );
  const { trials: done, trainers } = whole;
  const cost = `${trialCpuMs.toFixed(2)} ms of processor time a trial, ${trialMs.toFixed(2)} ms in all`;
  console.log(`whole coordinator, ${String(done)} trials on ${String(trainers)} trainers: ${cost}`);
  console.log(`written to ${path}`);
});
