import { idRule, isId } from '@weft/core';
import { stringOption } from '@weft/options';
import { command } from '../command.ts';
import { coordinatorOption, engineOption, localTrainers, outputOptions, reporterFor } from '../run/cluster-options.ts';
import { stateDirOption, trainersOption } from '../run/cluster-options.ts';
import { withCoordinator } from '../run/coordinator-connection.ts';
import { reportEnd, reportStop } from '../run/finish-run.ts';
import { followRun } from '../run/follow-run.ts';
import { resumeLocally } from '../run/train-locally.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';

export const runOperand = stringOption({
  summary: 'Name of the run, as `weft runs` lists it.',
  placeholder: 'RUN',
  required: true,
  accept: { test: isId, rule: idRule },
});

/** Lets an interrupted, failed or cancelled run go on. */
export const resumeCommand = command(
  {
    name: 'weft resume',
    summary: 'Lets an interrupted run go on from its last checkpoint.',
    options: {
      trainers: trainersOption,
      engine: engineOption,
      coordinator: coordinatorOption,
      stateDir: stateDirOption,
      ...outputOptions,
    },
    operands: { run: runOperand },
    notes: ['The number of trainers may differ from before: the result does not.'],
    examples: ['weft resume initial-nn-sgd-20260102-030405', 'weft resume my-run --trainers 4'],
  },
  async (values, { context }) => {
    const { run, coordinator, json, engine, trainers } = values;
    if (coordinator !== undefined) {
      const reporter = reporterFor(json, `the cluster at ${coordinator}`, context);
      return withCoordinator(coordinator, async (client) => {
        const wanted = { runId: run, minTrainers: 1, startTrainers: trainers ?? 1 };
        await client.resumeRun(wanted, { signal: context.stop });
        return reportEnd(await followRun(client, run, reporter, undefined, context.stop), undefined, reporter);
      });
    }
    const state = stateDirectory(values.stateDir, context);
    const changes = { ...(engine === undefined ? {} : { engine }), ...(trainers === undefined ? {} : { trainers }) };
    const { outcome, folder, reporter } = await resumeLocally(
      ...([state, run, changes] as const),
      (local) => reporterFor(json, localTrainers(local.trainers), context),
      context,
    );
    if (outcome.kind === 'ended') return reportEnd(outcome, folder.path, reporter);
    const where = values.stateDir === undefined ? '' : ` --state-dir ${values.stateDir}`;
    return reportStop(run, `weft resume ${run}${where}`, context);
  },
);
