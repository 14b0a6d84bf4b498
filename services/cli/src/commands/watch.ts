import { addressOption } from '@weft/options';
import { command } from '../command.ts';
import { outputOptions, reporterFor } from '../run/cluster-options.ts';
import { withCoordinator } from '../run/coordinator-connection.ts';
import { reportEnd } from '../run/finish-run.ts';
import { followRun } from '../run/follow-run.ts';
import { runOperand } from './resume.ts';

/** The address of a cluster that exists, for commands that make no sense without one. */
export const requiredCoordinator = addressOption({
  summary: 'The coordinator of the cluster.',
  environment: 'WEFT_COORDINATOR',
  required: true,
});

/** Follows a run of an existing cluster; leaving does not stop the run. */
export const watchCommand = command(
  {
    name: 'weft watch',
    summary: 'Follows a run of an existing cluster until it ends.',
    options: { coordinator: requiredCoordinator, ...outputOptions },
    operands: { run: runOperand },
  },
  async ({ run, coordinator, json }, { context }) => {
    const reporter = reporterFor(json, `the cluster at ${coordinator}`, context);
    return withCoordinator(coordinator, async (client) =>
      reportEnd(await followRun(client, run, reporter, undefined, context.stop), undefined, reporter),
    );
  },
);
