/** Every command, in the order in which help lists them. */
import type { Command } from '../command.ts';
import { cancelCommand } from './cancel.ts';
import { testCommand } from './checks.ts';
import { doctorCommand } from './doctor.ts';
import { exportCommand } from './export.ts';
import { predictCommand } from './predict.ts';
import { quickstartCommand } from './quickstart.ts';
import { replayCommand } from './replay.ts';
import { resumeCommand } from './resume.ts';
import { runsCommand } from './runs.ts';
import { simCommand } from './sim.ts';
import { statusCommand } from './status.ts';
import { trainCommand } from './train.ts';
import { verifyCommand } from './verify.ts';
import { watchCommand } from './watch.ts';

/** The commands by the word that follows `weft`. */
export const commands: ReadonlyMap<string, Command> = new Map([
  ['quickstart', quickstartCommand],
  ['train', trainCommand],
  ['resume', resumeCommand],
  ['runs', runsCommand],
  ['watch', watchCommand],
  ['cancel', cancelCommand],
  ['status', statusCommand],
  ['verify', verifyCommand],
  ['replay', replayCommand],
  ['export', exportCommand],
  ['predict', predictCommand],
  ['doctor', doctorCommand],
  ['test', testCommand],
  ['sim', simCommand],
]);

/** The commands that are services of their own, with the line that help shows. */
export const serviceSummaries = {
  coordinator: 'Runs the control process of a cluster; see `weft coordinator --help`.',
  trainer: 'Runs a process that computes; see `weft trainer --help`.',
} as const;
