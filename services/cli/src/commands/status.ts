import { command } from '../command.ts';
import { table } from '../output/table.ts';
import { outputOptions } from '../run/cluster-options.ts';
import { statusLine } from '../output/progress-line.ts';
import { withCoordinator } from '../run/coordinator-connection.ts';
import type { RunStatus } from '../run/figures.ts';
import { runStatus } from '../run/received-run.ts';
import { trainerColumns, trainerRow, trainerStatus } from '../run/trainer-status.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { requiredCoordinator } from './watch.ts';

/** Runs that wait, of which so many are listed. */
const mostWaiting = 20;

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
        client.listRuns({ withTrials: true, openOnly: true }, { signal }),
      ]);
      const open = runs.map(runStatus);
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
      output.write(`${runLines(open).join('\n')}\n`);
      return 0;
    });
  },
);

/** Runs that are on first, then those that wait, each with the reason. */
function runLines(open: readonly RunStatus[]): string[] {
  const [waiting, on] = [
    open.filter(({ phase }) => phase === 'queued'),
    open.filter(({ phase }) => phase !== 'queued'),
  ];
  const listed = [...on, ...waiting.slice(0, mostWaiting)].map((run) => `run ${run.runId}: ${statusLine(run)}`);
  const more = waiting.length - mostWaiting;
  if (more > 0) listed.push(`... and ${String(more)} more that wait`);
  return listed.length === 0 ? ['no run is under way'] : listed;
}
