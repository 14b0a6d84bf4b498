/** A run as a test sees it: submitted, watched until something is true of it, followed to its end. */
import { WeftError } from '@weft/core';
import { RunState, TransportSetting, type Run } from '@weft/wire';
import type { RunningCoordinator } from './coordinator-process.ts';
import { patience } from './patience.ts';
import type { ConfigurationInit } from './run-configuration.ts';

/** A run that has finished. */
export interface FinishedRun {
  readonly run: Run;
  /** Of the final parameters. */
  readonly weightsDigest: string;
  /** Of the parameters after each epoch. */
  readonly epochDigests: readonly string[];
}

const endTimeoutMs = 60_000;
const pollIntervalMs = 5;

type Runs = Pick<RunningCoordinator, 'runs'>;

/** Puts a run into the queue, to start with `startTrainers`. Gives its id. */
export async function submit(
  { runs }: Runs,
  configuration: ConfigurationInit,
  startTrainers = 1,
  runId = '',
  transport: TransportSetting = TransportSetting.UNSPECIFIED,
): Promise<string> {
  const { run } = await runs.submitRun({ runId, configuration, minTrainers: 1, startTrainers, transport });
  return run?.runId ?? '';
}

/** The run as of now. A question that is not answered in time is asked again, `patience` times in all. */
export async function describe({ runs }: Runs, runId: string): Promise<Run> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { run } = await runs.getRun({ runId });
      if (run === undefined) throw new Error(`the coordinator answered without run ${runId}`);
      return run;
    } catch (thrown) {
      const isLate = thrown instanceof WeftError && thrown.code === 'timeout';
      if (!isLate || attempt >= patience) throw thrown;
    }
  }
}

/** Follows a run to its end, in whatever way it ends; throws what it looks like after 60 s. */
export async function untilEnded(coordinator: Runs, runId: string): Promise<Run> {
  const signal = AbortSignal.timeout(endTimeoutMs);
  let run: Run | undefined;
  try {
    for await (const { event } of coordinator.runs.watchRun({ runId }, { signal })) {
      if (event.case === 'run') run = event.value;
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
  if (run === undefined || !isOver(run)) {
    throw new Error(`run ${runId} has not ended: position ${String(run?.position)}, ${String(run?.reason)}`);
  }
  return describe(coordinator, runId);
}

/** As `untilEnded`, and throws where the run did not finish. Gives the digests that stand for all of its bytes. */
export async function untilFinished(coordinator: Runs, runId: string): Promise<FinishedRun> {
  const run = await untilEnded(coordinator, runId);
  const { state, result, reason, epochs } = run;
  if (state !== RunState.FINISHED || result === undefined) {
    throw new Error(`run ${runId} ended in state ${String(state)}: ${reason}`);
  }
  return { run, weightsDigest: result.weightsDigest, epochDigests: epochs.map((epoch) => epoch.weightsDigest) };
}

/** Submits a run and follows it until it has finished. */
export async function train(
  coordinator: Runs,
  configuration: ConfigurationInit,
  startTrainers = 1,
): Promise<FinishedRun> {
  return untilFinished(coordinator, await submit(coordinator, configuration, startTrainers));
}

/** Asks for the run again and again until `holds`; throws the last answer after 60 s, or when the run has ended before. */
export async function untilRun(coordinator: Runs, runId: string, holds: (run: Run) => boolean): Promise<Run> {
  const limitMs = performance.now() + endTimeoutMs;
  for (;;) {
    const run = await describe(coordinator, runId);
    if (holds(run)) return run;
    if (isOver(run) || performance.now() > limitMs) {
      throw new Error(`waited in vain: run ${runId} is at position ${String(run.position)}, ${run.reason}`);
    }
    await new Promise((resolve) => setTimeout(resolve, pollIntervalMs));
  }
}

function isOver({ state }: Run): boolean {
  return state !== RunState.QUEUED && state !== RunState.RUNNING;
}
