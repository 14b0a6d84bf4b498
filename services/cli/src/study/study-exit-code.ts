import { WeftError } from '@weft/core';
import { exitCodeOf } from '@weft/wire';
import type { FollowedStudy } from './follow-studies.ts';

/** A study has finished, but trials of it failed: cells lack results. No failure of a command has this code. */
export const incompleteExitCode = 11;

/** For the help of commands that follow studies. */
export const incompleteNote = `Exit code ${String(incompleteExitCode)}: a study finished, but trials of it failed and have no result; \`weft sweep retry\` tries them again.`;

/**
 * The exit code for studies that have ended: 0 where all finished and no trial failed. A study that did not finish, or without any
 * result, goes before one that lacks some.
 */
export function exitCodeOfStudies(studies: readonly FollowedStudy[]): number {
  for (const { study } of studies) {
    const { complete, pruned, diverged, excused } = study.counts;
    if (study.phase === 'cancelled') return exitCodeOf(new WeftError('cancelled', study.reason));
    const isEmpty = excused > 0 && complete + pruned + diverged === 0;
    if (study.phase === 'failed' || isEmpty) return exitCodeOf(new WeftError('internal', study.reason));
  }
  return studies.some(({ failed }) => failed.length > 0) ? incompleteExitCode : 0;
}
