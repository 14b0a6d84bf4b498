/** The options of the commands that start or follow studies. */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { WeftError } from '@weft/core';
import { isStudyId, studyIdRule } from '@weft/studies';
import { integerOption, stringOption } from '@weft/options';
import { exitCodeOf } from '@weft/wire';
import type { CommandContext } from '../context.ts';
import { coordinatorOption, outputOptions, stateDirOption } from '../run/cluster-options.ts';
import { jsonStudyReporter } from './json-study-reporter.ts';
import type { StudyReporter } from './study-reporter.ts';
import { textStudyReporter } from './text-study-reporter.ts';

/** A coordinator takes no study of more trials. */
export const mostCells = 1_000_000;

/** More would compete for memory before they help. */
const mostDefaultTrainers = 4;

export const studyTrainersOption = integerOption({
  summary: `Trainer processes of a local cluster; default one a core, at most ${String(mostDefaultTrainers)}.`,
  ...{ min: 1, max: 64, alias: 't', section: 'Cluster' },
});

/** Trainers where none are asked for. */
export function defaultTrainers(): number {
  return Math.min(mostDefaultTrainers, availableParallelism());
}

export const studyOperand = stringOption({
  summary: 'Id of the study, as `weft sweep` prints it.',
  placeholder: 'STUDY',
  required: true,
  accept: { test: isStudyId, rule: studyIdRule },
});

/** Where a study is, and how its answer is printed. */
export const studyPlaceOptions = {
  coordinator: coordinatorOption,
  stateDir: stateDirOption,
  ...outputOptions,
} as const;

/** The reporter for `--json`, a terminal, or a log. */
export function studyReporterFor(json: boolean, trainers: string, context: CommandContext): StudyReporter {
  const { output, nowMs } = context;
  return json ? jsonStudyReporter((text) => output.write(text)) : textStudyReporter(output, { trainers, nowMs });
}

/** What is left of an id for the name of the study. */
const mostNameCharacters = 54 - '-20261123-154012-1f03c2'.length;

/** `learning-rate-20261123-154012-1f03c2`, for a study that was given no id: no other one has it, whoever began it when. */
export function newStudyId(name: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  return `${name.slice(0, mostNameCharacters)}-${stamp}-${randomBytes(3).toString('hex')}`;
}

/** Says how studies that were interrupted go on; the exit code is that of a shell for the signal. */
export function reportStudyStop(resume: string, context: CommandContext): number {
  context.errorOutput.write(
    `stopped. Every finished trial is kept, others go on from their last checkpoints: ${resume}\n`,
  );
  return context.stop.reason === 'SIGTERM' ? 143 : exitCodeOf(new WeftError('cancelled', ''));
}
