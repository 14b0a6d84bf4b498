/** The control service: translates calls into the queue's methods, and a run's feed into a stream. */
import { runId as brandRunId, WeftError, type RunId } from '@weft/core';
import {
  bindService,
  problemsOfRun,
  RunService,
  RunState,
  type BoundService,
  type BugReporter,
  type MessageInitShape,
  type RunConfiguration,
  type WatchRunResponseSchema,
} from '@weft/wire';
import type { Cluster } from '../cluster/cluster.ts';
import type { RunFeed } from './run-feed.ts';
import { newRunId, type RunQueue } from './run-queue.ts';

/** What the service works with. */
export interface RunServiceParts {
  readonly queue: RunQueue;
  readonly cluster: Cluster;
  readonly feed: RunFeed;
  readonly wallSeconds: () => number;
  readonly reportBug: BugReporter;
}

export function createRunService(parts: RunServiceParts): BoundService {
  const { queue, cluster, feed, wallSeconds } = parts;
  return bindService(
    RunService,
    {
      submitRun: (request) =>
        answer(() => ({
          run: submit(queue, request.runId, request.configuration, request.minTrainers, wallSeconds()),
        })),
      getRun: (request) => answer(() => ({ run: queue.describe(brandRunId(request.runId)) })),
      listRuns: () => answer(() => ({ runs: queue.describeAll() })),
      watchRun: (request, { signal }) => watch(queue, feed, brandRunId(request.runId), signal),
      cancelRun: (request) =>
        answer(() => ({ run: queue.cancel(brandRunId(request.runId), request.reason || 'cancelled') })),
      resumeRun: (request) =>
        answer(() => ({ run: queue.resume(brandRunId(request.runId), Math.max(1, request.minTrainers)) })),
      getCluster: () =>
        answer(() => ({
          trainers: cluster.members.map(({ link, driver }) => ({
            trainerId: link.id,
            engineFingerprint: link.hello.engineFingerprint,
            httpAddress: link.hello.httpAddress,
            runId: driver?.run.runId ?? '',
          })),
        })),
    },
    parts.reportBug,
  );
}

function answer<T>(make: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(make());
  });
}

function submit(
  queue: RunQueue,
  id: string,
  configuration: RunConfiguration | undefined,
  minTrainers: number,
  wallSeconds: number,
): ReturnType<RunQueue['submit']> {
  const problems = problemsOfRun(id, configuration, minTrainers);
  if (problems.length > 0 || configuration === undefined) {
    throw new WeftError('invalid-argument', `the run was not accepted:\n  ${problems.join('\n  ')}`);
  }
  return queue.submit({
    runId: id === '' ? newRunId(wallSeconds, queue.describeAll().length + 1) : brandRunId(id),
    configuration,
    minTrainers,
    submittedAtSeconds: wallSeconds,
    state: RunState.QUEUED,
    reason: 'waiting for its turn',
    generation: 0,
    checkpoint: 0,
    engineFingerprint: '',
    result: undefined,
  });
}

async function* watch(
  queue: RunQueue,
  feed: RunFeed,
  run: RunId,
  signal: AbortSignal,
): AsyncGenerator<MessageInitShape<typeof WatchRunResponseSchema>> {
  const now = queue.describe(run);
  const isOver = now.state !== RunState.QUEUED && now.state !== RunState.RUNNING;
  // Subscribed before anything is awaited, so that no event is missed between the past and the present.
  const live = isOver ? undefined : feed.watch(run, signal);
  yield { event: { case: 'run', value: now } };
  for (const epoch of now.epochs) yield { event: { case: 'epoch', value: epoch } };
  if (live !== undefined) for await (const event of live) yield { event };
}
