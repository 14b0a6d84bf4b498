import { WeftError } from '@weft/core';
import { exitCodeOf } from '@weft/wire';
import { command } from '../command.ts';
import { withRecordedRun } from '../archive/find-recorded-run.ts';
import { verdictLines } from '../archive/verdict-lines.ts';
import { verifyRun } from '../archive/verify-run.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { coordinatorOption, outputOptions, stateDirOption } from '../run/cluster-options.ts';
import { runOperand } from './resume.ts';

/** Checks that the ledger of a run is whole and that every example of every epoch was used exactly once. */
export const verifyCommand = command(
  {
    name: 'weft verify',
    summary: "Checks a run's ledger: its hash chain, and that each epoch used every example once.",
    options: { coordinator: coordinatorOption, stateDir: stateDirOption, ...outputOptions },
    operands: { run: runOperand },
    notes: [
      'Reads the store in the state directory, or asks the coordinator that has it open. Exit code 7: a line is wrong; it says which and why.',
    ],
    examples: ['weft verify my-run', 'weft verify my-run --coordinator 127.0.0.1:7070 --json'],
  },
  async ({ run, coordinator, stateDir, json }, { context }) =>
    withRecordedRun({ coordinator, stateDir }, run, context, async (recorded) => {
      const verdict = await verifyRun(recorded);
      if (json) context.output.write(jsonLine({ event: 'verified', ...verdict }));
      else
        context.output.write(
          verdictLines(verdict)
            .map((line) => `${line}\n`)
            .join(''),
        );
      return verdict.problem === null ? 0 : exitCodeOf(new WeftError('corrupt', ''));
    }),
);
