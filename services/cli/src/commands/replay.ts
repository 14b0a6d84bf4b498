import { flagOption, integerOption } from '@weft/options';
import { WeftError } from '@weft/core';
import { exitCodeOf } from '@weft/wire';
import { withRecordedRun } from '../archive/find-recorded-run.ts';
import { command } from '../command.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { replayLines } from '../replay/replay-lines.ts';
import { replayRun } from '../replay/replay-run.ts';
import { coordinatorOption, outputOptions, stateDirOption } from '../run/cluster-options.ts';
import { dataSetOptions } from '../run/data-set-source.ts';
import { trainingOptions } from '../run/training-options.ts';
import { runOperand } from './resume.ts';

/** Computes a step of a run again on this machine, and compares it with the ledger. */
export const replayCommand = command(
  {
    name: 'weft replay',
    summary: 'Computes a step of a run again, on this machine, and compares it with the ledger.',
    options: {
      step: integerOption({
        summary: 'Which step: how many were committed before it, as `weft verify` names lines.',
        min: 0,
        required: true,
      }),
      bisect: flagOption({ summary: 'Find the examples behind a NaN or a spike: those with the largest gradients.' }),
      examples: integerOption({ summary: 'With --bisect: how many examples to name.', min: 1, max: 1000, default: 5 }),
      dataDir: trainingOptions.dataDir,
      coordinator: coordinatorOption,
      stateDir: stateDirOption,
      ...outputOptions,
    },
    operands: { run: runOperand },
    notes: [
      'Begins from the newest checkpoint at or before the step, else from the seed; `weft coordinator --keep-checkpoints` says how many are kept.',
      'With batch statistics or dropout an example is not the same alone as in its chunk; the figures of single examples come close.',
      'Exit code 7: a step differs from the ledger.',
    ],
    examples: ['weft replay my-run --step 4220', 'weft replay my-run --step 812 --bisect --json'],
  },
  async ({ run, step, bisect, examples, dataDir, coordinator, stateDir, json }, { context }) =>
    withRecordedRun({ coordinator, stateDir }, run, context, async (recorded) => {
      const { output, errorOutput } = context;
      const replay = await replayRun(recorded, {
        position: step,
        examples: bisect ? examples : 0,
        data: dataSetOptions(dataDir, context),
        onStep: (position) => {
          if (errorOutput.isTerminal) errorOutput.write(`\rstep ${String(position)} of ${String(step)}`);
        },
        signal: context.stop,
      });
      if (errorOutput.isTerminal) errorOutput.write('\r\u001b[K');
      if (json) output.write(jsonLine({ event: 'replayed', ...replay }));
      else
        output.write(
          replayLines(replay)
            .map((line) => `${line}\n`)
            .join(''),
        );
      return replay.firstDifference === null ? 0 : exitCodeOf(new WeftError('corrupt', ''));
    }),
);
