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
import { studyCommand } from './study.ts';
import { sweepCancelCommand, sweepExtendCommand, sweepPauseCommand, sweepRetryCommand } from './sweep-control.ts';
import { sweepReportCommand } from './sweep-report.ts';
import { sweepResultsCommand } from './sweep-results.ts';
import { sweepResumeCommand } from './sweep-resume.ts';
import { sweepSchemaCommand } from './sweep-schema.ts';
import { sweepStatusCommand } from './sweep-status.ts';
import { sweepWhatifCommand } from './sweep-whatif.ts';
import { sweepCommand } from './sweep.ts';
import { trainCommand } from './train.ts';
import { verifyCommand } from './verify.ts';
import { watchCommand } from './watch.ts';

/** The commands by the word, or the two words, that follow `weft`. */
export const commands: ReadonlyMap<string, Command> = new Map([
  ['quickstart', quickstartCommand],
  ['train', trainCommand],
  ['resume', resumeCommand],
  ['runs', runsCommand],
  ['watch', watchCommand],
  ['cancel', cancelCommand],
  ['status', statusCommand],
  ['sweep', sweepCommand],
  ['sweep resume', sweepResumeCommand],
  ['sweep status', sweepStatusCommand],
  ['sweep results', sweepResultsCommand],
  ['sweep report', sweepReportCommand],
  ['sweep whatif', sweepWhatifCommand],
  ['sweep pause', sweepPauseCommand],
  ['sweep cancel', sweepCancelCommand],
  ['sweep retry', sweepRetryCommand],
  ['sweep extend', sweepExtendCommand],
  ['sweep schema', sweepSchemaCommand],
  ['study', studyCommand],
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
