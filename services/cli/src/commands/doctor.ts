import { WeftError } from '@weft/core';
import { exitCodeOf } from '@weft/wire';
import { command } from '../command.ts';
import { doctorPage, hasFailure, type Section } from '../doctor/finding.ts';
import { checkMachine } from '../doctor/machine-checks.ts';
import { checkDataSets, checkEngines } from '../doctor/numeric-checks.ts';
import { jsonLine } from '../output/json-reporter.ts';
import { outputOptions, stateDirOption } from '../run/cluster-options.ts';
import { trainingOptions } from '../run/training-options.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';

/** Says what works here and what does not, and why. */
export const doctorCommand = command(
  {
    name: 'weft doctor',
    summary: 'Says which engines and data sets are available here, and why the others are not.',
    options: { dataDir: trainingOptions.dataDir, stateDir: stateDirOption, ...outputOptions },
    notes: ['Exit code 0: ready to train. 5: something must be put right first; it says what.'],
  },
  async ({ dataDir, stateDir, json }, { context }) => {
    const sections: Section[] = [
      { title: 'Machine', findings: await checkMachine(stateDirectory(stateDir, context)) },
      { title: 'Engines', findings: await checkEngines() },
      { title: 'Data sets', findings: await checkDataSets(dataDir, context) },
    ];
    if (json) {
      for (const { title, findings } of sections) {
        const subject = title.toLowerCase();
        for (const finding of findings) context.output.write(jsonLine({ event: 'finding', subject, ...finding }));
      }
    } else {
      context.output.write(doctorPage(sections));
    }
    return hasFailure(sections) ? exitCodeOf(new WeftError('precondition-failed', '')) : 0;
  },
);
