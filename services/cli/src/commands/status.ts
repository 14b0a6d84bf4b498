import { command } from '../command.ts';
import { table } from '../output/table.ts';
import { outputOptions } from '../run/cluster-options.ts';
import { statusLine } from '../output/progress-line.ts';
import { withCoordinator } from '../run/coordinator-connection.ts';
import { runStatus } from '../run/received-run.ts';
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
      const members = trainers.map(({ trainerId, engineFingerprint, httpAddress, runId }) => ({
        ...{ trainerId, engineFingerprint, httpAddress, runId },
      }));
      if (json) {
        output.write(jsonLine({ event: 'cluster', trainers: members, runs: open }));
        return 0;
      }
      const columns = [{ title: 'trainer' }, { title: 'works on' }, { title: 'metrics' }, { title: 'engine' }];
      const rows = members.map((member) => [
        ...[member.trainerId, member.runId || 'nothing', member.httpAddress || '-', member.engineFingerprint],
      ]);
      output.write(`${rows.length === 0 ? 'no trainers' : table(columns, rows).join('\n')}\n\n`);
      for (const run of open) output.write(`run ${run.runId}: ${statusLine(run)}\n`);
      if (open.length === 0) output.write('no run is under way\n');
      return 0;
    });
  },
);
