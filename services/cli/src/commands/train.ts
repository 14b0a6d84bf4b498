import { command } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { coordinatorOption, engineOption, localTrainers, outputOptions, reporterFor } from '../run/cluster-options.ts';
import {
  maxTrainersOption,
  minTrainersOption,
  priorityOption,
  stateDirOption,
  trainersOption,
  transportOption,
  transportSettings,
} from '../run/cluster-options.ts';
import type { MessageInitShape, SubmitRunRequestSchema } from '@weft/wire';
import { withCoordinator } from '../run/coordinator-connection.ts';
import { reportEnd, reportStop } from '../run/finish-run.ts';
import { followRun } from '../run/follow-run.ts';
import { trainLocally } from '../run/train-locally.ts';
import { buildConfiguration, newRunId, trainingOptions } from '../run/training-options.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';

/** Trains one model: on a cluster started for it, or on one that exists. */
export const trainCommand = command(
  {
    name: 'weft train',
    summary: 'Trains a model on a cluster of this machine, or on an existing cluster.',
    options: {
      ...trainingOptions,
      trainers: trainersOption,
      minTrainers: minTrainersOption,
      maxTrainers: maxTrainersOption,
      priority: priorityOption,
      transport: transportOption,
      engine: engineOption,
      coordinator: coordinatorOption,
      stateDir: stateDirOption,
      ...outputOptions,
    },
    notes: [
      'The result depends on model, data, optimizer, schedule, batch, chunk, epochs and seed alone: the digest of the final weights is the same on 1 trainer or 7.',
      'A schedule and early stopping count steps and epochs of the run, so they too are the same whoever trains, and after a resume.',
    ],
    examples: [
      'weft train --model initial-nn --optimizer sgd --lr 0.01 --epochs 5 --trainers 2',
      'weft train --model simple-cnn --optimizer adam --dataset synthetic-fashion --json',
      'weft train -m deep-ann -e 50 --schedule cosine --warmup-epochs 2 --early-stopping loss',
    ],
  },
  async (values, { context, given }) => {
    const configuration = await buildConfiguration(values, given, context);
    const runId = values.runId ?? newRunId(configuration.model?.name ?? '', values.optimizer, new Date());
    const { coordinator, json, engine, dataDir } = values;
    if (coordinator !== undefined) {
      const { minTrainers, maxTrainers, priority } = values;
      const transport = transportSettings[values.transport];
      const startTrainers = values.trainers ?? 1;
      const limits = { minTrainers, startTrainers, priority, ...(maxTrainers === undefined ? {} : { maxTrainers }) };
      const wanted = { runId, configuration, transport, ...limits };
      return trainRemotely(coordinator, wanted, json, context);
    }
    const local = {
      trainers: values.trainers ?? 1,
      minTrainers: values.minTrainers,
      transport: values.transport,
      ...(engine === undefined ? {} : { engine }),
      ...(dataDir === undefined ? {} : { dataDirectory: dataDir }),
    };
    const state = stateDirectory(values.stateDir, context);
    const reporter = reporterFor(json, localTrainers(local.trainers), context);
    const { outcome, folder } = await trainLocally({ runId, configuration, local, state }, reporter, context);
    if (outcome.kind === 'ended') return reportEnd(outcome, folder.path, reporter);
    const where = values.stateDir === undefined ? '' : ` --state-dir ${values.stateDir}`;
    return reportStop(runId, `weft resume ${runId}${where}`, context);
  },
);

async function trainRemotely(
  address: string,
  wanted: MessageInitShape<typeof SubmitRunRequestSchema> & { readonly runId: string },
  json: boolean,
  context: CommandContext,
): Promise<number> {
  const { runId } = wanted;
  const reporter = reporterFor(json, `the cluster at ${address}`, context);
  try {
    return await withCoordinator(address, async (client) => {
      await client.submitRun(wanted, { signal: context.stop });
      return reportEnd(await followRun(client, runId, reporter, undefined, context.stop), undefined, reporter);
    });
  } catch (thrown) {
    if (!context.stop.aborted) throw thrown;
    reporter.dropped();
    context.errorOutput.write(
      `left run ${runId}, which goes on; follow it with: weft watch ${runId} --coordinator ${address}\n`,
    );
    return context.stop.reason === 'SIGTERM' ? 143 : 130;
  }
}
