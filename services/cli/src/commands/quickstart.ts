import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { describeError, invariant, WeftError } from '@weft/core';
import { dataSetNames } from '@weft/data';
import { choiceOption, integerOption, parseOptions, stringOption } from '@weft/options';
import { exitCodeOf } from '@weft/wire';
import { command } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { formatCount, formatFraction, formatSeconds, shortDigest } from '../output/format.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { table } from '../output/table.ts';
import { quickstartPlan, titleOf, type PlannedRun } from '../quickstart/quickstart-plan.ts';
import { isEqual, type Comparison, type ReportContent, type ReportedRun } from '../report/report-content.ts';
import { engineOption, localTrainers, outputOptions, reporterFor, stateDirOption } from '../run/cluster-options.ts';
import { chooseDataSet } from '../run/data-set-source.ts';
import { reportStop } from '../run/finish-run.ts';
import { readModel } from '../run/model-source.ts';
import { trainLocally } from '../run/train-locally.ts';
import { buildConfiguration, newRunId, trainingOptions } from '../run/training-options.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';
import { weftVersion } from '../version.ts';

const quickstartSpecification = {
  name: 'weft quickstart',
  summary: 'Trains two small networks on two trainers, one of them again on one, and writes a report.',
  options: {
    dataset: choiceOption({
      summary: 'auto: Fashion-MNIST where it can be had, else synthetic pictures.',
      choices: ['auto', ...dataSetNames],
      default: 'auto',
    }),
    dataDir: trainingOptions.dataDir,
    epochs: integerOption({ summary: 'Epochs of the initial NN.', min: 1, max: 1000, default: 5 }),
    cnnEpochs: integerOption({ summary: 'Epochs of the simple CNN.', min: 1, max: 1000, default: 2 }),
    syntheticTrain: trainingOptions.syntheticTrain,
    syntheticTest: trainingOptions.syntheticTest,
    report: stringOption({ summary: 'The page to write.', placeholder: 'FILE', default: 'report.html' }),
    engine: engineOption,
    stateDir: stateDirOption,
    ...outputOptions,
  },
} as const;

/** The main job: everything once, in about two minutes. */
export const quickstartCommand = command(quickstartSpecification, async (values, { context }) => {
  const { json, dataDir } = values;
  const { output, errorOutput } = context;
  const say = (text: string): void => (json ? errorOutput : output).write(`${text}\n`);
  const chosen =
    values.dataset === 'auto' ? await chooseDataSet(dataDir, context) : { name: values.dataset, remark: undefined };
  if (chosen.remark !== undefined)
    say(`Fashion-MNIST cannot be had here: training on synthetic pictures instead.\n${chosen.remark}\n`);
  const plan = quickstartPlan(chosen.name, { nn: values.epochs, cnn: values.cnnEpochs });
  const runs: ReportedRun[] = [];
  for (const planned of plan) {
    say(`\n[${String(runs.length + 1)}/${String(plan.length)}] ${titleOf(planned)}`);
    const run = await trainPlanned(planned, values, context);
    if (typeof run === 'number') return run;
    runs.push(run);
  }
  const [two, , one] = runs;
  invariant(two !== undefined && one !== undefined, 'the quickstart trains three runs');
  const comparison = { left: two, right: one };
  say(`\n${resultTable(runs)}\n\n${verdictText(comparison)}`);
  const path = resolve(context.workingDirectory, values.report);
  await writeReport(path, {
    title: 'Weft quickstart',
    createdAt: new Date().toISOString(),
    dataRemark: chosen.remark,
    runs,
    comparisons: [comparison],
    environment: environmentFacts(two),
  });
  say(`\nreport: ${path}`);
  const equal = isEqual(comparison);
  if (json) {
    const digests = [two, one].map(({ trainers, result }) => ({ trainers, weightsDigest: result.weightsDigest }));
    output.write(jsonLine({ event: 'comparison', equal, digests, report: path }));
  }
  return equal ? 0 : exitCodeOf(new WeftError('internal', ''));
});

/** Trains one run of the plan; an exit code where it was stopped or did not finish. */
async function trainPlanned(
  planned: PlannedRun,
  values: {
    readonly json: boolean;
    readonly engine: string | undefined;
    readonly dataDir: string | undefined;
    readonly stateDir: string | undefined;
    readonly syntheticTrain: number | undefined;
    readonly syntheticTest: number | undefined;
  },
  context: CommandContext,
): Promise<ReportedRun | number> {
  const sized = (name: string, value: number | string | undefined): string[] =>
    value === undefined ? [] : [name, String(value)];
  const parsed = parseOptions(
    { name: 'weft train', summary: '', options: trainingOptions },
    [
      ...planned.argv,
      ...sized('--data-dir', values.dataDir),
      ...sized('--synthetic-train', values.syntheticTrain),
      ...sized('--synthetic-test', values.syntheticTest),
    ],
    {},
  );
  invariant(parsed.ok, `the plan is a valid command line: ${parsed.ok ? '' : parsed.problems.join('; ')}`);
  const configuration = await buildConfiguration(parsed.values, parsed.given, context);
  const { parameters } = await readModel(planned.model, context.workingDirectory);
  const { trainers } = planned;
  const runId = `${newRunId(planned.model, parsed.values.optimizer, new Date())}-${String(trainers)}`;
  const { engine, dataDir } = values;
  const local = {
    trainers,
    ...(engine === undefined ? {} : { engine }),
    ...(dataDir === undefined ? {} : { dataDirectory: dataDir }),
  };
  const reporter = reporterFor(values.json, localTrainers(trainers), context);
  const state = stateDirectory(values.stateDir, context);
  const { outcome, folder } = await trainLocally({ runId, configuration, local, state }, reporter, context);
  if (outcome.kind === 'stopped') return reportStop(runId, 'weft quickstart (it starts anew)', context);
  const { status, result, epochs } = outcome;
  if (result === undefined) {
    throw new WeftError('internal', `run ${runId} ended as ${status.phase}: ${status.reason}; see ${folder.path}`);
  }
  if (values.json) reporter.ended({ status, result, folder: folder.path });
  const { engineFingerprint } = status;
  return { title: titleOf(planned), summary: status, trainers, parameters, engineFingerprint, epochs, result };
}

function resultTable(runs: readonly ReportedRun[]): string {
  const columns = [
    ...[{ title: 'run' }, { title: 'data set' }, { title: 'epochs', align: 'right' } as const],
    ...['val acc', 'test acc', 'examples/s', 'time'].map((title) => ({ title, align: 'right' }) as const),
    { title: 'weights digest' },
  ];
  const rows = runs.map(({ title, summary, result }) => [
    ...[title, `${summary.dataSet.name}${summary.dataSet.synthetic ? ' (synthetic)' : ''}`, String(summary.epochs)],
    ...[formatFraction(result.validationAccuracy), formatFraction(result.testAccuracy)],
    ...[formatCount(result.examplesPerSecond), formatSeconds(result.seconds), shortDigest(result.weightsDigest)],
  ]);
  return table(columns, rows).join('\n');
}

function verdictText(comparison: Comparison): string {
  const { left, right } = comparison;
  const lines = [left, right].map(({ title, result }) => `  ${result.weightsDigest}  ${title}`);
  const verdict = isEqual(comparison)
    ? 'The same configuration gave the same weights, bit for bit, on 2 trainers and on 1:'
    : 'The weights differ, which must not be; please report it with this output:';
  return [verdict, ...lines].join('\n');
}

async function writeReport(path: string, content: ReportContent): Promise<void> {
  // Drawing is loaded when it is needed: no other command pays for it.
  const { renderReport } = await import('../report/report.ts');
  await writeFile(path, renderReport(content)).catch((cause: unknown) => {
    throw new WeftError(
      'unavailable',
      `cannot write the report ${path}: ${describeError(cause)}; choose another --report`,
    );
  });
}

function environmentFacts(run: ReportedRun): (readonly [string, string])[] {
  const cores = `${String(availableParallelism())} cores, ${cpus()[0]?.model ?? 'unknown model'}`;
  const { dataSet } = run.summary;
  return [
    ['weft', weftVersion()],
    ['node', process.version],
    ['system', `${process.platform} ${process.arch}`],
    ['processor', cores],
    ['memory', `${(totalmem() / (1 << 30)).toFixed(1)} GiB`],
    ['engine', run.engineFingerprint],
    ['data set', `${dataSet.name}${dataSet.synthetic ? ' (synthetic)' : ''}, ${dataSet.identity}`],
  ];
}
