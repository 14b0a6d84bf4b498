/**
 * Times one engine on one model in this process, on one thread, and prints one line of JSON: the counterpart of pytorch/single.py.
 *
 * `examplesPerSecond` is the batch divided by the median step, which includes drawing the batch, masks and the optimizer.
 */
import { parseArgs } from 'node:util';
import { WeftError } from '@weft/core';
import { engineNames, openEngine } from '@weft/engine';
import { openStepLoop, type StepTime } from './engine/training-steps.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { count, positive } from './process/option-values.ts';
import { median, rounded } from './report/statistics.ts';

const warmUpSteps = 3;
const fewestSteps = 3;

await benchmarkMain(async (signal) => {
  const { values } = parseArgs({
    options: {
      engine: { type: 'string', default: 'ort-cpu' },
      model: { type: 'string', default: 'initial-nn' },
      optimizer: { type: 'string', default: 'adam' },
      'batch-size': { type: 'string', default: '128' },
      'chunk-size': { type: 'string', default: '32' },
      seconds: { type: 'string', default: '5' },
      'data-dir': { type: 'string' },
    },
  });
  const name = engineNames.find((known) => known === values.engine);
  if (name === undefined) {
    throw new WeftError(
      'invalid-argument',
      `--engine: "${values.engine}" is none; there are ${engineNames.join(', ')}`,
    );
  }
  const engine = await openEngine(name);
  const task = {
    model: values.model,
    optimizer: values.optimizer,
    batchSize: count('batch-size', values['batch-size']),
    chunkSize: count('chunk-size', values['chunk-size']),
    dataDirectory: values['data-dir'],
  };
  const budgetMs = 1000 * positive('seconds', values.seconds);
  const { model, step, compileMs } = await openStepLoop(engine, task);
  const first = await step();
  for (let warmUp = 1; warmUp < warmUpSteps; warmUp++) await step();
  const times: StepTime[] = [];
  const startedMs = performance.now();
  while ((performance.now() - startedMs < budgetMs || times.length < fewestSteps) && !signal.aborted) {
    times.push(await step());
  }
  const stepMs = median(times.map(({ wholeMs }) => wholeMs));
  const gradientMs = median(times.map((time) => time.gradientMs));
  await model.dispose();
  console.log(
    JSON.stringify({
      engine: engine.name,
      fingerprint: engine.fingerprint,
      ...task,
      dataDirectory: undefined,
      steps: times.length,
      medianStepMs: rounded(stepMs),
      medianGradientMs: rounded(gradientMs),
      examplesPerSecond: rounded((1000 * task.batchSize) / stepMs),
      // The graphs are made in the first step.
      toFirstStepMs: rounded(compileMs + first.wholeMs),
      peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
});
