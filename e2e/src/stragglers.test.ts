/**
 * A trainer that is slow, because it is stopped for most of the time: it is named, gets fewer chunks, and no bit of the result
 * changes.
 */
import { TransportSetting } from '@weft/wire';
import { expect, onTestFinished, test } from 'vitest';
import { ClusterProcesses } from './harness/cluster-processes.ts';
import type { RunningCoordinator } from './harness/coordinator-process.ts';
import { describe, submit, train, untilRun } from './harness/followed-run.ts';
import { configurationOf } from './harness/run-configuration.ts';
import type { ServiceProcess } from './harness/service-process.ts';

const stoppedMs = 80;
const runningMs = 20;

/** Has the process stand still for four fifths of the time, until what it returns is called. */
function slowDown(process: ServiceProcess): () => void {
  let timer: NodeJS.Timeout | undefined;
  const stand = (): void => {
    process.signal('SIGSTOP');
    timer = setTimeout(go, stoppedMs);
  };
  const go = (): void => {
    process.signal('SIGCONT');
    timer = setTimeout(stand, runningMs);
  };
  stand();
  return () => {
    clearTimeout(timer);
    process.signal('SIGCONT');
  };
}

/** Steps that compute for long beside a stop, so that stops fall into computing and not only into waiting for the other. */
const ofLength = (epochs: number) =>
  configurationOf({ model: 'deep-ann', epochs, trainExamples: 6000, testExamples: 100, batchSize: 1024 });

/** The parts of the chunks of a step that trainers have, by name, where they were measured. */
async function shares({ runs }: RunningCoordinator): Promise<Record<string, number>> {
  const { trainers } = await runs.getCluster({});
  return Object.fromEntries(
    trainers.flatMap(({ trainerId, times }) => (times === undefined ? [] : [[trainerId, times.share]])),
  );
}

test.each([
  ['star', TransportSetting.STAR],
  ['direct', TransportSetting.DIRECT],
] as const)(
  'over %s a slow trainer is named and gets fewer chunks, and the result is the same',
  async (_, transport) => {
    const cluster = await ClusterProcesses.open();
    const coordinator = await cluster.startCoordinator();
    cluster.startTrainer('steady', coordinator);
    const slow = cluster.startTrainer('sluggish', coordinator);
    const runId = await submit(coordinator, await ofLength(4000), 2, '', transport);
    await untilRun(coordinator, runId, ({ worldSize, position }) => worldSize === 2 && position > 0n);
    const recover = slowDown(slow);
    onTestFinished(recover);

    await coordinator.process.untilOutput(
      /trainer sluggish is slow: [a-z ]+ takes \d+\.\d times the median \([\d.]+ m?s a step\); its share is now \d+ % of the chunks/,
    );
    await coordinator.process.untilOutput(/chunks are divided anew, by measured speed: sluggish \d+ %, steady \d+ %/);
    const divided = await shares(coordinator);
    expect(divided.sluggish).toBeLessThan(divided.steady ?? 0);
    const { trainers } = await coordinator.runs.getCluster({});
    expect(trainers.find(({ trainerId }) => trainerId === 'sluggish')?.times?.slow).toMatch(/times the median/);
    recover();
    await coordinator.process.untilOutput(/trainer sluggish is no longer slow; its share is now \d+ % of the chunks/);

    const { epochs: seen } = await describe(coordinator, runId);
    await untilRun(coordinator, runId, (run) => run.epochs.length > seen.length);
    await coordinator.runs.cancelRun({ runId, reason: 'the test has seen enough' });
    const { epochs } = await describe(coordinator, runId);
    const undisturbed = await train(coordinator, await ofLength(epochs.length));
    expect(epochs.map(({ weightsDigest }) => weightsDigest)).toEqual(undisturbed.epochDigests);
  },
);
