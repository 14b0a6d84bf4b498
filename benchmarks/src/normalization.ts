/**
 * What statistics of the whole step cost beside those of each chunk, on one trainer and one thread: the graph is cut where the
 * statistics are needed, and what crosses a cut is copied. Both take turns, step by step.
 *
 * `npm run normalization -w @weft/benchmarks`; README.md says how to read the result.
 */
import { parseArgs } from 'node:util';
import { openEngine } from '@weft/engine';
import { openStepLoop, type StepLoop } from './engine/training-steps.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { count, counts } from './process/option-values.ts';
import { circumstances, defaultResultPath, writeResult } from './report/result-file.ts';
import { ratioSpread, spreadOf } from './report/statistics.ts';
import { markdownTable, ratioText } from './report/table.ts';

const warmUpSteps = 2;

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      'batch-size': { type: 'string', default: '128' },
      'chunk-sizes': { type: 'string', default: '128,32' },
      steps: { type: 'string', default: '25' },
      output: { type: 'string' },
    },
  });
  const about = await circumstances('normalization');
  const batchSize = count('batch-size', values['batch-size']);
  const steps = count('steps', values.steps);
  const engine = await openEngine('ort-cpu');
  const cases = [];
  for (const chunkSize of counts('chunk-sizes', values['chunk-sizes'])) {
    const task = { model: 'deep-cnn-bn', optimizer: 'adam', batchSize, chunkSize, dataDirectory: undefined };
    const chunk = await openStepLoop(engine, { ...task, batchNormalization: 'ghost' });
    const whole = await openStepLoop(engine, { ...task, batchNormalization: 'sync' });
    const ghostMs: number[] = [];
    const syncMs: number[] = [];
    for (let step = -warmUpSteps; step < steps; step++) {
      signal.throwIfAborted();
      const [ghost, sync] = [await stepMs(chunk), await stepMs(whole)];
      if (step < 0) continue;
      ghostMs.push(ghost);
      syncMs.push(sync);
    }
    const rounds = whole.model.rounds.length;
    await chunk.model.dispose();
    await whole.model.dispose();
    const spreads = { ghostMs: spreadOf(ghostMs), syncMs: spreadOf(syncMs), ratio: ratioSpread(syncMs, ghostMs) };
    cases.push({ model: task.model, batchSize, chunkSize, rounds, ...spreads });
  }
  const path = await writeResult(values.output ?? defaultResultPath(about), about, {
    fingerprint: engine.fingerprint,
    cases,
  });
  await engine.dispose();
  const rows = cases.map(({ model, chunkSize, rounds, ghostMs, syncMs, ratio }) => [
    `${model}, chunks of ${String(chunkSize)}`,
    ...[ghostMs?.median, syncMs?.median].map((ms) => (ms ?? Number.NaN).toFixed(1)),
    ...[ratioText(ratio?.median ?? Number.NaN), String(rounds)],
  ]);
  console.log(markdownTable(['model', 'ghost, ms a step', 'sync, ms a step', 'sync / ghost', 'rounds'], rows));
  console.log(`\nwritten to ${path}`);
});

async function stepMs(loop: StepLoop): Promise<number> {
  return (await loop.step()).wholeMs;
}
