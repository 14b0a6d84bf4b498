/** A gang of emulated trainers before a real coordinator process, and what a step costs the two. */
import { setTimeout as sleep } from 'node:timers/promises';
import { WeftError } from '@weft/core';
import { processorMs } from '../cluster/processor-time.ts';
import { describe, submit, transportSetting, type StandingCluster, type Transport } from '@weft/e2e';
import { EmulatedTrainer } from './emulated-trainer.ts';

/** What is emulated. */
export interface GangSettings {
  readonly trainers: number;
  /** Elements of a contribution. */
  readonly layoutSize: number;
  readonly transport: Transport;
  /** Measured for this long, after as many steps as warm up. */
  readonly seconds: number;
}

/** What a step costs: means over the steps measured. */
export interface GangCosts {
  readonly steps: number;
  readonly stepMs: number;
  /** Processor time of the coordinator. */
  readonly coordinatorMs: number;
  /** Payload, sent and received together, of a trainer. */
  readonly trainerBytes: number;
  /** Of all trainers together: over the star, what passes through the coordinator. */
  readonly gangBytes: number;
  /** What every trainer must send and receive at least in a balanced all-reduce: 2 (N - 1) / N contributions, each way. */
  readonly boundBytes: number;
}

const chunkCount = 64;
const chunkSize = 8;
const warmUpSteps = 3;
/** Fewer are no measurement, however long they take. */
const leastSteps = 8;
const limitMs = 120_000;

/** Lets a gang take steps until the time is up; then everything of it is gone. */
export async function measureGang(cluster: StandingCluster, settings: GangSettings): Promise<GangCosts> {
  const { trainers, layoutSize, seconds, transport } = settings;
  const { coordinator } = cluster;
  const contribution = new Uint8Array(new Float32Array(layoutSize).fill(1e-3).buffer);
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const attaching = Array.from({ length: trainers }, (_, rank) => {
    const trainerId = `emulated-${String(rank).padStart(3, '0')}`;
    return EmulatedTrainer.attach(
      { coordinator: coordinator.address, trainerId, layoutSize, chunkCount, direct: transport === 'direct' },
      contribution,
      (reason) => {
        failure.reject(new WeftError('unavailable', reason));
      },
    );
  });
  const gang = await Promise.all(attaching);
  try {
    const runId = await submit(coordinator, configuration(), trainers, '', transportSetting(transport));
    const work = async (): Promise<GangCosts> => {
      await untilStep(gang, warmUpSteps);
      const before = { ...totals(gang), cpuMs: await processorMs(coordinator.process.pid), atMs: performance.now() };
      await sleep(seconds * 1000);
      await untilStep(gang, before.steps + leastSteps);
      const after = { ...totals(gang), cpuMs: await processorMs(coordinator.process.pid), atMs: performance.now() };
      const { worldSize, reason } = await describe(coordinator, runId);
      if (worldSize !== trainers) throw new WeftError('internal', `${String(worldSize)} trainers at work: ${reason}`);
      const steps = after.steps - before.steps;
      const bytes = (after.bytes - before.bytes) / steps;
      await coordinator.runs.cancelRun({ runId, reason: 'measured' });
      return {
        steps,
        stepMs: (after.atMs - before.atMs) / steps,
        coordinatorMs: (after.cpuMs - before.cpuMs) / steps,
        trainerBytes: bytes / trainers,
        gangBytes: bytes,
        boundBytes: (2 * 2 * (trainers - 1) * contribution.length) / trainers,
      };
    };
    return await Promise.race([work(), failure.promise]);
  } finally {
    await Promise.all(gang.map((trainer) => trainer.close()));
  }
}

/** Steps of the slowest, and bytes of all. */
function totals(gang: readonly EmulatedTrainer[]): { readonly steps: number; readonly bytes: number } {
  const counts = gang.map((trainer) => trainer.counts);
  return {
    steps: Math.min(...counts.map(({ steps }) => steps)),
    bytes: counts.reduce((sum, { sentBytes, receivedBytes }) => sum + sentBytes + receivedBytes, 0),
  };
}

async function untilStep(gang: readonly EmulatedTrainer[], steps: number): Promise<void> {
  const untilMs = performance.now() + limitMs;
  while (totals(gang).steps < steps) {
    if (performance.now() > untilMs) throw new WeftError('timeout', 'the emulated gang takes no steps');
    await sleep(20);
  }
}

/** 64 chunks a step, and an epoch that does not end while it is measured. No data set is opened: nobody computes. */
function configuration() {
  return {
    model: { name: 'emulation', topologyJson: '{}', loss: 'categoricalCrossentropy' },
    dataSet: {
      ...{ name: 'emulation', identity: 'emulation', validationSplit: 0.1, settingsJson: '' },
      ...{ trainExamples: chunkCount * chunkSize * 4000, validationExamples: 1, testExamples: 1 },
    },
    optimizer: { name: 'sgd', learningRate: 0.1 },
    ...{ batchSize: chunkCount * chunkSize, chunkSize, epochs: 1, seed: 1n },
  };
}
