/** A study made larger. */
import { WeftError } from '@weft/core';
import type { StoredStudy } from '@weft/store';
import { clone, StudyDefinitionSchema, type StudyDefinition } from '@weft/wire';

/** What is added to a study. */
export interface Extension {
  /** Cells beyond those planned. */
  readonly moreCells: number;
  /** Seeds beyond those that each cell has. */
  readonly moreTrialSeeds: readonly bigint[];
  /** Epochs of each trial; 0: as before. */
  readonly epochs: number;
}

/** Whether the study has been at work for as long as it may propose cells. */
export function isTimeOver({ execution, seconds }: Pick<StoredStudy, 'execution' | 'seconds'>): boolean {
  return execution.maxSeconds > 0 && seconds >= execution.maxSeconds;
}

/** The definition of the larger study. Throws 'invalid-argument' where nothing is added, or something is taken away. */
export function extendedDefinition(study: StoredStudy, extension: Extension): StudyDefinition {
  const { studyId, definition, execution } = study;
  const { moreCells, moreTrialSeeds, epochs } = extension;
  const problems: string[] = [];
  if (moreCells === 0 && moreTrialSeeds.length === 0 && epochs === 0) problems.push('nothing is added');
  if (moreCells > 0 && definition.maxCells === 0) {
    problems.push(`more_cells: ${String(moreCells)} cannot be added: the study ends only when its sampler has no more`);
  }
  // With more epochs all cells begin anew.
  if ((moreCells > 0 || epochs > 0) && isTimeOver(study)) {
    const rule = 'no more cells can begin, but more seeds of those that there are';
    problems.push(`max_seconds: ${String(execution.maxSeconds)} are over: ${rule}`);
  }
  const before = definition.base?.epochs ?? 0;
  if (epochs > 0 && epochs <= before) problems.push(`epochs: ${String(epochs)} must be above ${String(before)}`);
  const known = moreTrialSeeds.filter((seed) => definition.trialSeeds.includes(seed));
  if (known.length > 0) problems.push(`more_trial_seeds: ${known.join(', ')} are in the study already`);
  if (problems.length > 0) {
    throw new WeftError('invalid-argument', `study ${studyId} cannot be extended:\n  ${problems.join('\n  ')}`);
  }
  const extended = clone(StudyDefinitionSchema, definition);
  if (extended.maxCells > 0) extended.maxCells += moreCells;
  extended.trialSeeds.push(...moreTrialSeeds);
  if (extended.base !== undefined && epochs > 0) extended.base.epochs = epochs;
  return extended;
}
