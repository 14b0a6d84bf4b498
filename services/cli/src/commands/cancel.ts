import { stringOption } from '@weft/options';
import { command } from '../command.ts';
import { outputOptions } from '../run/cluster-options.ts';
import { withCoordinator } from '../run/coordinator-connection.ts';
import { runStatus } from '../run/received-run.ts';
import { statusLine } from '../output/progress-line.ts';
import { runOperand } from './resume.ts';
import { requiredCoordinator } from './watch.ts';

/** Ends a run of an existing cluster. A local run is ended by Ctrl-C where it was started. */
export const cancelCommand = command(
  {
    name: 'weft cancel',
    summary: 'Ends a run of an existing cluster; `weft resume` lets it go on.',
    options: {
      coordinator: requiredCoordinator,
      reason: stringOption({ summary: 'Told to everybody who watches.', default: 'cancelled by a person' }),
      verbose: outputOptions.verbose,
    },
    operands: { run: runOperand },
  },
  async ({ run, coordinator, reason }, { context }) => {
    await withCoordinator(coordinator, async (client) => {
      const answer = await client.cancelRun({ runId: run, reason }, { signal: context.stop });
      context.output.write(`run ${run}: ${statusLine(runStatus(answer.run))}\n`);
    });
    return 0;
  },
);
