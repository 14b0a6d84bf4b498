/** The trained model of a run: what its newest checkpoint holds. */
import { hash } from 'node:crypto';
import { totalSteps, WeftError } from '@weft/core';
import { checkpointParameters, lossNames, type ExportedModel } from '@weft/engine';
import { runAssignmentOf } from '@weft/wire';
import { withRecordedRun, type RecordPlace } from '../archive/find-recorded-run.ts';
import type { RecordedRun } from '../archive/recorded-run.ts';
import type { CommandContext } from '../context.ts';
import { weftVersion } from '../version.ts';
import { cardOfDataSet } from './model-card.ts';
import { runOfReference } from './model-reference.ts';

/** A run's model, ready to be written or to predict with. */
export interface TrainedModel {
  readonly model: ExportedModel;
  readonly runId: string;
  readonly modelName: string;
  /** Steps that its parameters have seen, and those of the whole run. */
  readonly position: number;
  readonly totalSteps: number;
  readonly weightsDigest: string;
}

/**
 * The model that `reference` means (`RUN`, `STUDY` or `STUDY:TRIAL`), found as `weft verify` and `weft replay` find runs. Throws
 * 'not-found', or 'precondition-failed' where the run has no checkpoint.
 */
export async function modelSource(
  reference: string,
  place: RecordPlace,
  context: CommandContext,
): Promise<TrainedModel> {
  const found = await runOfReference(reference, place, context);
  return withRecordedRun(found.place, found.runId, context, trainedModel);
}

/** The model of the newest checkpoint of `run`. */
export async function trainedModel(run: RecordedRun): Promise<TrainedModel> {
  const { runId, configuration, engineFingerprint } = run;
  const { topology, loss, dataSet, plan } = runAssignmentOf(runId, configuration);
  const checkpoint = await run.checkpoint(Number.MAX_SAFE_INTEGER);
  if ('problem' in checkpoint) {
    throw new WeftError(
      'precondition-failed',
      `run ${runId} has no checkpoint to take a model from: ${checkpoint.problem}; the first is written after an epoch`,
    );
  }
  const parameters = await checkpointParameters(checkpoint.bytes, topology, `the checkpoint of run ${runId}`);
  const weightsDigest = hash('sha256', parameters, 'hex');
  const { position } = checkpoint;
  const modelName = configuration.model?.name ?? '';
  const steps = totalSteps(plan);
  const metadata = {
    ...cardOfDataSet(dataSet.name, dataSet.identity, dataSet.settingsJson),
    ...{ model: modelName, run: runId, steps: position, totalSteps: steps, weightsDigest },
    ...{ engineFingerprint, weft: weftVersion() },
  };
  const model = { topology, parameters, loss: lossNames.find((name) => name === loss), metadata };
  return { model, runId, modelName, position, totalSteps: steps, weightsDigest };
}
