/** From the messages of the control service to the figures that the command line shows. */
import { topAccuracy, WeftError } from '@weft/core';
import {
  planOf,
  runAssignmentOf,
  RunState,
  type EpochResult,
  type Progress,
  type Run,
  type RunConfiguration,
  type RunResult,
} from '@weft/wire';
import type { EpochFigures, ProgressFigures, ResultFigures, RunPhase, RunStatus, RunSummary } from './figures.ts';

const phases: Readonly<Record<RunState, RunPhase>> = {
  [RunState.UNSPECIFIED]: 'queued',
  [RunState.QUEUED]: 'queued',
  [RunState.RUNNING]: 'running',
  [RunState.FINISHED]: 'finished',
  [RunState.FAILED]: 'failed',
  [RunState.CANCELLED]: 'cancelled',
  [RunState.DIVERGED]: 'diverged',
};

/** The configuration in short. Throws 'corrupt' where parts of it are missing. */
function summaryOfConfiguration(runId: string, configuration: RunConfiguration | undefined): RunSummary {
  const { model, dataSet, optimizer } = configuration ?? {};
  if (configuration === undefined || model === undefined || dataSet === undefined || optimizer === undefined) {
    throw new WeftError('corrupt', `the coordinator's answer about run ${runId} lacks parts of its configuration`);
  }
  const { name, identity, trainExamples, validationExamples, testExamples } = dataSet;
  return {
    runId,
    model: model.name,
    loss: model.loss,
    dataSet: {
      name,
      identity,
      synthetic: name.startsWith('synthetic'),
      trainExamples,
      validationExamples,
      testExamples,
    },
    optimizer: { name: optimizer.name, learningRate: optimizer.learningRate, settings: { ...optimizer.settings } },
    batchSize: configuration.batchSize,
    chunkSize: configuration.chunkSize,
    epochs: configuration.epochs,
    seed: Number(configuration.seed),
    schedule: runAssignmentOf(runId, configuration).schedule ?? null,
    earlyStopping: planOf(configuration).earlyStopping ?? null,
  };
}

/** A run as of now. */
export function runStatus(run: Run | undefined): RunStatus {
  if (run === undefined) throw new WeftError('corrupt', 'the coordinator answered without a run');
  return {
    ...summaryOfConfiguration(run.runId, run.configuration),
    // A state of a newer coordinator is one that this command cannot know.
    phase: phases[run.state] ?? 'running',
    reason: run.reason,
    position: Number(run.position),
    totalSteps: Number(run.totalSteps),
    worldSize: run.worldSize,
    generation: Number(run.generation),
    engineFingerprint: run.engineFingerprint,
  };
}

export function progressFigures(progress: Progress): ProgressFigures {
  const { epoch, step, stepsPerEpoch, loss, accuracy, examplesPerSecond, worldSize, generation } = progress;
  return { epoch, step, stepsPerEpoch, loss, accuracy, examplesPerSecond, worldSize, generation: Number(generation) };
}

export function epochFigures(result: EpochResult): EpochFigures {
  const { epoch, loss, accuracy, validationLoss, validationAccuracy, seconds, examplesPerSecond } = result;
  const { worldSize, generation, weightsDigest } = result;
  return {
    ...{ epoch, loss, accuracy, validationLoss, validationAccuracy, seconds, examplesPerSecond },
    ...{ worldSize, generation: Number(generation), weightsDigest },
  };
}

/** The result of a finished run; undefined for a run without one. */
export function resultFigures(run: Run): ResultFigures | undefined {
  const { result } = run;
  const last = run.epochs.at(-1);
  if (result === undefined) return undefined;
  const { testLoss, testAccuracy, seconds, examplesPerSecond, weightsDigest, ledgerDigest } = result;
  return {
    ...{ testLoss, testAccuracy, seconds, examplesPerSecond, weightsDigest, ledgerDigest },
    ...classFigures(result, run.configuration?.dataSet?.testExamples ?? 0),
    validationLoss: last?.validationLoss ?? Number.NaN,
    validationAccuracy: last?.validationAccuracy ?? Number.NaN,
  };
}

function classFigures(
  { testRankCounts: ranks, testConfusionCounts: confusion }: RunResult,
  examples: number,
): Pick<ResultFigures, 'testTopAccuracies' | 'testConfusion'> {
  const classes = Math.sqrt(confusion.length);
  return {
    testTopAccuracies: ranks.map((_, place) => topAccuracy({ ranks, confusion }, place + 1, examples)),
    testConfusion: Array.from({ length: classes }, (_, truth) =>
      confusion.slice(truth * classes, (truth + 1) * classes),
    ),
  };
}
