/**
 * A cluster of this machine for the studies of one folder, from its first process to its last.
 *
 * Whatever ends it, no process stays: the end of the studies, an error, Ctrl-C (stop in order; the studies go on where they were when
 * they are resumed), a second Ctrl-C (end at once).
 */
import type { CommandContext } from '../context.ts';
import { startLocalCluster, type LocalClusterSettings } from '../local-cluster/local-cluster.ts';
import type { ClusterProcesses } from '../output/reporter.ts';
import { causeOf } from '../run/run-locally.ts';
import { lockRun } from '../run-folder/run-folder.ts';
import type { LocalSettings } from '../run-folder/run-record.ts';
import { openStudyClient, type StudyClient } from './study-client.ts';
import type { StudyFolder } from './study-folder.ts';

/** What to start. */
export interface StudyCluster {
  readonly folder: StudyFolder;
  /** With 0 trainers only the coordinator: enough to ask and to tell, and nothing is computed. */
  readonly local: LocalSettings;
  /** Entry points of the services; tests give others. */
  readonly entries?: LocalClusterSettings['entries'] | undefined;
}

/** What is done with a cluster. */
export interface ClusterWork {
  readonly client: StudyClient;
  readonly processes: ClusterProcesses;
  /** Aborts when the work is to stop: somebody said so, or the cluster cannot go on. */
  readonly signal: AbortSignal;
}

/**
 * Gives `work` a cluster that has the folder for itself. `onLost` is told of trainers that end by themselves while others go on.
 *
 * Throws 'precondition-failed' where another process has the folder, and a `WeftError` where a service fails, with the end of
 * its log.
 */
export async function withStudyCluster<T>(
  cluster: StudyCluster,
  onLost: (text: string) => void,
  context: CommandContext,
  work: (cluster: ClusterWork) => Promise<T>,
): Promise<T> {
  const { folder, local } = cluster;
  const release = await lockRun(folder, process.pid);
  try {
    const started = await startLocalCluster(
      {
        stateDirectory: folder.coordinator,
        logDirectory: folder.logs,
        trainers: local.trainers,
        engine: local.engine,
        dataDirectory: local.dataDirectory,
        environment: context.environment,
        entries: cluster.entries,
      },
      { trainerLost: onLost },
      context.stop,
    );
    const killAll = (): void => started.kill();
    context.kill.addEventListener('abort', killAll, { once: true });
    const client = openStudyClient(started.address);
    try {
      const signal = AbortSignal.any([context.stop, started.failed]);
      return await work({ client, processes: started.processes, signal });
    } catch (thrown) {
      throw await causeOf(thrown, started, started.failed, context.stop);
    } finally {
      client.close();
      await started.stop();
      context.kill.removeEventListener('abort', killAll);
    }
  } finally {
    await release();
  }
}
