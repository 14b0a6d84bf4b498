/** A run that goes on for as long as a test wants, so that anything can happen to it; then all it did is checked against an undisturbed one. */
import { expect } from 'vitest';
import type { Run } from '@weft/wire';
import type { RunningCoordinator } from '../harness/coordinator-process.ts';
import { describe, train, untilRun } from '../harness/followed-run.ts';
import { configurationOf } from '../harness/run-configuration.ts';
import { transportSetting, type Transport } from '../schedules/faulty-run.ts';

const epochs = 4000;
const batchSize = 128;
const chunkSize = 16;

/** Chunks that a full step of a long run has. */
export const chunksOfStep = batchSize / chunkSize;

export class LongRun {
  readonly runId: string;
  readonly #coordinator: Pick<RunningCoordinator, 'runs'>;

  private constructor(coordinator: Pick<RunningCoordinator, 'runs'>, runId: string) {
    this.#coordinator = coordinator;
    this.runId = runId;
  }

  /** Submits it and waits until `trainers` are at work and the first epoch is over. With fewer than `minTrainers` it pauses. */
  static async begin(
    coordinator: Pick<RunningCoordinator, 'runs'>,
    trainers: number,
    { minTrainers = 1, transport = 'star' }: { readonly minTrainers?: number; readonly transport?: Transport } = {},
  ): Promise<LongRun> {
    const submitted = await coordinator.runs.submitRun({
      ...{ configuration: await configurationOf(small(epochs)), minTrainers, startTrainers: trainers },
      transport: transportSetting(transport),
    });
    const run = new LongRun(coordinator, submitted.run?.runId ?? '');
    await run.until((now) => now.worldSize === trainers && now.epochs.length > 0);
    return run;
  }

  /** Resolves when `holds` is true of the run; rejects when it has ended before, or after a minute. */
  until(holds: (run: Run) => boolean): Promise<Run> {
    return untilRun(this.#coordinator, this.runId, holds);
  }

  /** Resolves when exactly so many trainers are at work and an epoch began and ended since. */
  async untilAtWork(trainers: number): Promise<void> {
    const { epochs: past } = await this.until(({ worldSize }) => worldSize === trainers);
    await this.until((run) => run.worldSize === trainers && run.epochs.length > past.length + 1);
  }

  /** Ends the run, and compares the parameters after each of its epochs with those of a run to which nothing happens. */
  async verify(): Promise<void> {
    await this.#coordinator.runs.cancelRun({ runId: this.runId, reason: 'the test has seen enough' });
    const { epochs: seen } = await describe(this.#coordinator, this.runId);
    const undisturbed = await train(this.#coordinator, await configurationOf(small(seen.length)));
    expect(seen.map(({ weightsDigest }) => weightsDigest)).toEqual(undisturbed.epochDigests);
  }
}

function small(count: number) {
  return { model: 'initial-nn', epochs: count, trainExamples: 1500, testExamples: 100, batchSize, chunkSize } as const;
}
