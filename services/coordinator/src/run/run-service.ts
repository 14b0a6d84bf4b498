/** The control service: translates calls into the queue's methods, and a run's feed into a stream. */
import { runId as brandRunId, WeftError, type MemberPace, type RunId, type TransportSetting } from '@weft/core';
import {
  bindService,
  problemsOfRun,
  RunService,
  RunState,
  TransportSetting as TransportSettingMessage,
  type BoundService,
  type BugReporter,
  type ListRunsRequest,
  type MessageInitShape,
  type Run,
  type SubmitRunRequest,
  type TrainerTimesSchema,
  type WatchRunResponseSchema,
} from '@weft/wire';
import { everyTrainer } from '@weft/store';
import type { Cluster } from '../cluster/cluster.ts';
import type { RunFeed } from './run-feed.ts';
import type { RunQueue } from './run-queue.ts';

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
      submitRun: (request) => answer(() => ({ run: submit(queue, request, wallSeconds()) })),
      getRun: (request) => answer(() => ({ run: queue.describe(brandRunId(request.runId)) })),
      listRuns: (request) => answer(() => ({ runs: list(queue, request) })),
      watchRun: (request, { signal }) => watch(queue, feed, brandRunId(request.runId), signal),
      cancelRun: (request) =>
        answer(() => ({ run: queue.cancel(brandRunId(request.runId), request.reason || 'cancelled') })),
      resumeRun: (request) =>
        answer(() => {
          const { runId, minTrainers, startTrainers } = request;
          return { run: queue.resume(brandRunId(runId), { minTrainers: Math.max(1, minTrainers), startTrainers }) };
        }),
      auditRun: (request) => answer(() => ({ run: queue.audit(brandRunId(request.runId)) })),
      getCluster: () =>
        answer(() => {
          const paces = cluster.paces();
          return {
            trainers: cluster.members.map(({ link, driver }) => ({
              trainerId: link.id,
              engineFingerprint: link.hello.engineFingerprint,
              httpAddress: link.hello.httpAddress,
              runId: driver?.run.runId ?? '',
              ...timesOf(paces.get(link.id)),
            })),
          };
        }),
    },
    parts.reportBug,
  );
}

function timesOf(pace: MemberPace | undefined): { times?: MessageInitShape<typeof TrainerTimesSchema> } {
  if (pace === undefined) return {};
  const { chunks, dataSeconds, computeSeconds, reduceSeconds, waitSeconds, roundTripMs, share, slow = '' } = pace;
  return { times: { chunks, dataSeconds, computeSeconds, reduceSeconds, waitSeconds, roundTripMs, share, slow } };
}

function answer<T>(make: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(make());
  });
}

function list(queue: RunQueue, { withTrials, openOnly }: ListRunsRequest): Run[] {
  if (!openOnly) return queue.describeAll(withTrials);
  return queue.describeOpen().filter(({ studyId }) => withTrials || studyId === '');
}

const transports: Readonly<Partial<Record<TransportSettingMessage, TransportSetting>>> = {
  [TransportSettingMessage.STAR]: 'star',
  [TransportSettingMessage.DIRECT]: 'direct',
};

function submit(queue: RunQueue, request: SubmitRunRequest, wallSeconds: number): ReturnType<RunQueue['submit']> {
  const { runId: id, configuration, minTrainers, startTrainers, maxTrainers = everyTrainer, priority } = request;
  const needed = Math.max(minTrainers, startTrainers);
  const problems = problemsOfRun(id, configuration, minTrainers);
  if (maxTrainers > 0 && maxTrainers < needed) {
    problems.push(
      `max_trainers: ${String(maxTrainers)} must be 0, or at least the ${String(needed)} that the run needs`,
    );
  }
  if (problems.length > 0 || configuration === undefined) {
    throw new WeftError('invalid-argument', `the run was not accepted:\n  ${problems.join('\n  ')}`);
  }
  return queue.submit({
    runId: id === '' ? queue.newRunId() : brandRunId(id),
    configuration,
    minTrainers,
    startTrainers: needed,
    maxTrainers,
    priority,
    studyId: '',
    trial: 0,
    transport: transports[request.transport] ?? 'auto',
    submittedAtSeconds: wallSeconds,
    state: RunState.QUEUED,
    reason: 'waiting for its turn',
    generation: 0,
    checkpoint: 0,
    engineFingerprint: '',
    result: undefined,
    failureCode: '',
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
