/**
 * Profiles `ort-cpu` on one model in this process and prints one line of JSON: the time of a step in kernels, by operator. With
 * `--peak` it instead measures the machine: the fastest of large matrix products that ONNX Runtime computes on one thread.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEngine } from '@weft/engine';
import { operatorTimes } from './engine/operator-times.ts';
import { profilePeak } from './engine/peak.ts';
import { profileSessions, readProfiles } from './engine/profiled-sessions.ts';
import { readProfile } from './engine/runtime-profile.ts';
import { openStepLoop } from './engine/training-steps.ts';
import { benchmarkMain } from './process/benchmark-main.ts';
import { count, positive } from './process/option-values.ts';

const fewestSteps = 4;
/** Profiles are kept whole in memory; this many steps of a large network are some hundred thousand events. */
const mostSteps = 200;

await benchmarkMain(async () => {
  const { values } = parseArgs({
    options: {
      peak: { type: 'boolean', default: false },
      model: { type: 'string', default: 'simple-cnn' },
      optimizer: { type: 'string', default: 'adam' },
      'batch-size': { type: 'string', default: '128' },
      'chunk-size': { type: 'string', default: '32' },
      seconds: { type: 'string', default: '5' },
      'data-dir': { type: 'string' },
    },
  });
  const budgetMs = 1000 * positive('seconds', values.seconds);
  const directory = await mkdtemp(join(tmpdir(), 'weft-profile-'));
  try {
    const engine = await openEngine('ort-cpu');
    profileSessions(directory);
    if (values.peak) {
      console.log(JSON.stringify({ peakGflops: await profilePeak(engine, directory) }));
      return;
    }
    const { model, step } = await openStepLoop(engine, {
      model: values.model,
      optimizer: values.optimizer,
      batchSize: count('batch-size', values['batch-size']),
      chunkSize: count('chunk-size', values['chunk-size']),
      dataDirectory: values['data-dir'],
    });
    const startedMs = performance.now();
    let steps = 0;
    while (steps < fewestSteps || (steps < mostSteps && performance.now() - startedMs < budgetMs)) {
      await step();
      steps++;
    }
    await model.dispose();
    const nodes = (await readProfiles(directory)).flatMap((text) => readProfile(text, steps));
    console.log(JSON.stringify({ operators: operatorTimes(nodes) }));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});
