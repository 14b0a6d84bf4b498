import { spawn } from 'node:child_process';
import { listOption, stringOption } from '@weft/options';
import { command } from '../command.ts';
import { checksEntry } from '../service-entries.ts';

/** `weft test`: the runner is a program of its own, so that it works where the command line does not. */
export const testCommand = command(
  {
    name: 'weft test',
    summary: 'Runs every check that continuous integration runs, or those that are named.',
    options: {},
    operands: {
      checks: listOption({
        summary: 'Which checks.',
        item: stringOption({ summary: 'check', placeholder: 'CHECK' }),
        placeholder: 'CHECK',
      }),
    },
  },
  async ({ checks }, { context }) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', checksEntry, ...checks], {
      stdio: 'inherit',
      env: { ...context.environment },
    });
    // It stands in our process group and gets the terminal's Ctrl-C itself; we wait for its answer.
    return new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 1));
    });
  },
);
