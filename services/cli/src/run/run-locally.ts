/**
 * A run on a cluster of this machine, from its first process to its last.
 *
 * Whatever ends it, no process stays: the end of the run, an error, Ctrl-C (stop in order; the run can be resumed), a second
 * Ctrl-C (end at once).
 */
import { openClient, RunService, type Run } from '@weft/wire';
import { describeError, WeftError } from '@weft/core';
import type { CommandContext } from '../context.ts';
import { startLocalCluster, type LocalCluster, type LocalClusterSettings } from '../local-cluster/local-cluster.ts';
import type { Reporter } from '../output/reporter.ts';
import { lockRun, type RunFolder } from '../run-folder/run-folder.ts';
import type { LocalSettings } from '../run-folder/run-record.ts';
import { followRun, type EndedRun, type RunClient } from './follow-run.ts';
import { runStatus } from './received-run.ts';

/** What to run, and where. */
export interface LocalRun {
  readonly runId: string;
  readonly folder: RunFolder;
  readonly local: LocalSettings;
  /** Puts the run into the coordinator's queue: submits or resumes it. */
  readonly begin: (client: RunClient, signal: AbortSignal) => Promise<Run | undefined>;
  /** Entry points of the services; tests give others. */
  readonly entries?: LocalClusterSettings['entries'] | undefined;
}

/** The end of a run, or that somebody wanted it to stop before. */
export type LocalOutcome = ({ readonly kind: 'ended' } & EndedRun) | { readonly kind: 'stopped' };

/** Runs it to its end. Throws a `WeftError` where a service fails, with the end of its log. */
export async function runLocally(run: LocalRun, reporter: Reporter, context: CommandContext): Promise<LocalOutcome> {
  const release = await lockRun(run.folder, process.pid);
  try {
    return await withCluster(run, reporter, context);
  } catch (thrown) {
    reporter.dropped();
    if (context.stop.aborted) return { kind: 'stopped' };
    throw thrown;
  } finally {
    await release();
  }
}

async function withCluster(run: LocalRun, reporter: Reporter, context: CommandContext): Promise<LocalOutcome> {
  const { folder, local } = run;
  let begun = false;
  const early = new AbortController();
  const events = {
    trainerLost: (text: string, error: WeftError): void => {
      // The run waits for all its trainers before it starts: without one of them it would wait for ever.
      if (begun) reporter.notice(text, Date.now() / 1000);
      else early.abort(error);
    },
  };
  const cluster = await startLocalCluster(
    {
      stateDirectory: folder.coordinator,
      logDirectory: folder.logs,
      trainers: local.trainers,
      engine: local.engine,
      dataDirectory: local.dataDirectory,
      environment: context.environment,
      entries: run.entries,
    },
    events,
    context.stop,
  );
  const killAll = (): void => cluster.kill();
  context.kill.addEventListener('abort', killAll, { once: true });
  const client = openClient(RunService, { address: cluster.address });
  try {
    const signal = AbortSignal.any([context.stop, cluster.failed, early.signal]);
    reporter.status(runStatus(await run.begin(client, signal)), cluster.processes);
    const watched: Reporter = {
      ...reporter,
      progress: (progress) => {
        begun = true;
        reporter.progress(progress);
      },
      epoch: (epoch) => {
        begun = true;
        reporter.epoch(epoch);
      },
    };
    const ended = await followRun(client, run.runId, watched, cluster.processes, signal);
    return { kind: 'ended', ...ended };
  } catch (thrown) {
    throw await causeOf(thrown, cluster, early.signal, context.stop);
  } finally {
    client.close();
    await cluster.stop();
    context.kill.removeEventListener('abort', killAll);
  }
}

/** Longest wait for the exit of a service whose connection was lost just now. */
const exitNewsMs = 1_000;

/** A lost connection has its cause in a process that ended; that says more than the connection does. */
export async function causeOf(
  thrown: unknown,
  cluster: LocalCluster,
  early: AbortSignal,
  stop: AbortSignal,
): Promise<unknown> {
  const lost = thrown instanceof WeftError && (thrown.code === 'unavailable' || thrown.code === 'cancelled');
  if (!lost || stop.aborted) return thrown;
  for (const signal of [early, cluster.failed]) if (signal.aborted) return signal.reason;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, exitNewsMs);
    cluster.failed.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return cluster.failed.aborted ? cluster.failed.reason : new WeftError('unavailable', describeError(thrown));
}
