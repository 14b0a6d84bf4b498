import { command } from '../command.ts';
import { formatFraction, shortDigest } from '../output/format.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { table } from '../output/table.ts';
import { coordinatorOption, outputOptions, stateDirOption } from '../run/cluster-options.ts';
import { withCoordinator } from '../run/coordinator-connection.ts';
import type { RunSummary } from '../run/figures.ts';
import { epochFigures, resultFigures, runStatus } from '../run/received-run.ts';
import { listRecords } from '../run-folder/run-folder.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';

/** One line of the list. Figures that do not exist yet are null. */
interface ListedRun {
  readonly runId: string;
  readonly phase: string;
  readonly model: string;
  readonly dataSet: string;
  readonly optimizer: string;
  readonly epochsDone: number;
  readonly epochs: number;
  readonly validationAccuracy: number | null;
  readonly testAccuracy: number | null;
  readonly weightsDigest: string | null;
}

const columns = [
  { title: 'run' },
  { title: 'state' },
  { title: 'model' },
  { title: 'data set' },
  { title: 'epochs', align: 'right' },
  { title: 'val acc', align: 'right' },
  { title: 'test acc', align: 'right' },
  { title: 'weights digest' },
] as const;

/** Lists the local runs, or those of a cluster. */
export const runsCommand = command(
  {
    name: 'weft runs',
    summary: 'Lists runs with their results.',
    options: { coordinator: coordinatorOption, stateDir: stateDirOption, ...outputOptions },
  },
  async ({ coordinator, stateDir, json }, { context }) => {
    const state = stateDirectory(stateDir, context);
    const runs = coordinator === undefined ? await localRuns(state) : await clusterRuns(coordinator, context.stop);
    if (json) runs.forEach((run) => context.output.write(jsonLine({ event: 'listed-run', ...run })));
    else if (runs.length === 0)
      context.output.write(`there are no runs ${coordinator === undefined ? `in ${state}` : `at ${coordinator}`}\n`);
    else context.output.write(`${table(columns, runs.map(rowOf)).join('\n')}\n`);
    return 0;
  },
);

async function localRuns(state: string): Promise<ListedRun[]> {
  const records = await listRecords(state);
  return records.map(({ status, phase, epochs, result }) =>
    listed(status, phase, epochs.length, epochs.at(-1)?.validationAccuracy, result),
  );
}

async function clusterRuns(address: string, signal: AbortSignal): Promise<ListedRun[]> {
  return withCoordinator(address, async (client) => {
    const { runs } = await client.listRuns({}, { signal });
    return runs.map((run) => {
      const status = runStatus(run);
      const epochs = run.epochs.map(epochFigures);
      return listed(status, status.phase, epochs.length, epochs.at(-1)?.validationAccuracy, resultFigures(run));
    });
  });
}

function listed(
  summary: RunSummary,
  phase: string,
  epochsDone: number,
  validationAccuracy: number | undefined,
  result: { readonly testAccuracy: number; readonly weightsDigest: string } | undefined,
): ListedRun {
  return {
    ...{ runId: summary.runId, phase, model: summary.model, dataSet: summary.dataSet.name },
    ...{ optimizer: summary.optimizer.name, epochsDone, epochs: summary.epochs },
    validationAccuracy: validationAccuracy ?? null,
    testAccuracy: result?.testAccuracy ?? null,
    weightsDigest: result?.weightsDigest ?? null,
  };
}

function rowOf(run: ListedRun): string[] {
  const fraction = (value: number | null): string => (value === null ? '-' : formatFraction(value));
  return [
    ...[run.runId, run.phase, run.model, run.dataSet, `${String(run.epochsDone)}/${String(run.epochs)}`],
    ...[fraction(run.validationAccuracy), fraction(run.testAccuracy)],
    run.weightsDigest === null ? '-' : shortDigest(run.weightsDigest),
  ];
}
