/** Follows one run to its end, telling a reporter what happens. */
import { WeftError } from '@weft/core';
import type { RunService, ServiceClient } from '@weft/wire';
import type { ClusterProcesses, Reporter } from '../output/reporter.ts';
import type { EpochFigures, ResultFigures, RunStatus } from './figures.ts';
import { epochFigures, progressFigures, resultFigures, runStatus } from './received-run.ts';

/** A connection to a coordinator. */
export type RunClient = ServiceClient<typeof RunService>;

/** A run that has ended. */
export interface EndedRun {
  readonly status: RunStatus;
  readonly epochs: readonly EpochFigures[];
  readonly result: ResultFigures | undefined;
}

/**
 * Reports the past epochs and then everything that happens, until the run has ended.
 *
 * Throws 'cancelled' by `signal`, 'unavailable' when the coordinator stops or is lost before the end.
 */
export async function followRun(
  client: RunClient,
  runId: string,
  reporter: Reporter,
  processes: ClusterProcesses | undefined,
  signal: AbortSignal,
): Promise<EndedRun> {
  let status: RunStatus | undefined;
  let result: ResultFigures | undefined;
  const epochs = new Map<number, EpochFigures>();
  for await (const { event } of client.watchRun({ runId }, { signal })) {
    switch (event.case) {
      case 'run':
        status = runStatus(event.value);
        result = resultFigures(event.value);
        if (!isOver(status)) reporter.status(status, processes);
        break;
      case 'progress':
        reporter.progress(progressFigures(event.value));
        break;
      case 'epoch': {
        const figures = epochFigures(event.value);
        epochs.set(figures.epoch, figures);
        reporter.epoch(figures);
        break;
      }
      case 'notice':
        reporter.notice(event.value.text, event.value.atSeconds);
        break;
      case 'audit':
      case undefined:
        break;
    }
  }
  if (status === undefined || !isOver(status)) {
    throw new WeftError('unavailable', `the coordinator ended the connection before run ${runId} was over`);
  }
  return { status, epochs: [...epochs.values()].sort((a, b) => a.epoch - b.epoch), result };
}

function isOver({ phase }: RunStatus): boolean {
  return phase !== 'queued' && phase !== 'running';
}
