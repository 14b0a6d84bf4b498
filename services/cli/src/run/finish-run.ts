/** From the end of a run to the last lines and the exit code of a command. */
import { WeftError } from '@weft/core';
import { exitCodeOf } from '@weft/wire';
import type { CommandContext } from '../context.ts';
import type { Reporter } from '../output/reporter.ts';
import type { EndedRun } from './follow-run.ts';

/** Reports the end; the exit code is 0 for a finished run, that of `cancelled` for a cancelled one, else 1. */
export function reportEnd(ended: EndedRun, folder: string | undefined, reporter: Reporter): number {
  const { status, result } = ended;
  reporter.ended({ status, result, folder });
  if (status.phase === 'finished') return 0;
  return exitCodeOf(new WeftError(status.phase === 'cancelled' ? 'cancelled' : 'internal', status.reason));
}

/** Says how a run that was interrupted goes on; the exit code is that of a shell for the signal. */
export function reportStop(runId: string, resume: string, context: CommandContext): number {
  context.errorOutput.write(`stopped. Run ${runId} is kept up to its last checkpoint; go on with: ${resume}\n`);
  return context.stop.reason === 'SIGTERM' ? 143 : exitCodeOf(new WeftError('cancelled', ''));
}
