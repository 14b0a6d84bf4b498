import { command } from '../command.ts';
import { table } from '../output/table.ts';
import { outputOptions } from '../run/cluster-options.ts';
import { statusLine } from '../output/progress-line.ts';
import { withCoordinator } from '../run/coordinator-connection.ts';
import { runStatus } from '../run/received-run.ts';
import { trainerColumns, trainerRow, trainerStatus } from '../run/trainer-status.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { requiredCoordinator } from './watch.ts';

/** Shows who is in a cluster, and what it works on. */
export const statusCommand = command(
  {
    name: 'weft status',
    summary: 'Shows the trainers of an existing cluster and the runs that are not over.',
    options: { coordinator: requiredCoordinator, ...outputOptions },
  },
  async ({ coordinator, json }, { context }) => {
    const { output, stop: signal } = context;
    return withCoordinator(coordinator, async (client) => {
      const [{ trainers }, { runs }] = await Promise.all([
        client.getCluster({}, { signal }),
        client.listRuns({}, { signal }),
      ]);
      const open = runs.map(runStatus).filter(({ phase }) => phase === 'queued' || phase === 'running');
      const members = trainers.map(trainerStatus);
      if (json) {
        output.write(jsonLine({ event: 'cluster', trainers: members, runs: open }));
        return 0;
      }
      const lines = members.length === 0 ? ['no trainers'] : table(trainerColumns, members.map(trainerRow));
      for (const { trainerId, times } of members) {
        const reason = times?.slow ?? undefined;
        if (reason !== undefined) lines.push(`trainer ${trainerId} is slow: ${reason}`);
      }
      output.write(`${lines.join('\n')}\n\n`);
      for (const run of open) output.write(`run ${run.runId}: ${statusLine(run)}\n`);
      if (open.length === 0) output.write('no run is under way\n');
      return 0;
    });
  },
);
