import { isId, WeftError } from '@weft/core';
import type { RecordPlace } from '../archive/find-recorded-run.ts';

/** What `weft export` and `weft predict` take for a trained model that is not a file. */
export const modelReferenceRule = 'the name of a run or a study, or STUDY:TRIAL';

/** Whether `text` can be a reference: `RUN`, `STUDY` or `STUDY:TRIAL`. */
export function isModelReference(text: string): boolean {
  const [name = '', trial, ...rest] = text.split(':');
  return isId(name) && (trial === undefined || /^\d{1,9}$/.test(trial)) && rest.length === 0;
}

/** A run, and where it is. */
export interface PlacedRun {
  readonly runId: string;
  readonly place: RecordPlace;
}

/**
 * The run that `reference` means, where `place` says to look: the seam where studies choose their runs, which may lie elsewhere.
 * Throws 'precondition-failed' for a trial, which nobody resolves yet.
 */
export function runOfReference(reference: string, place: RecordPlace): Promise<PlacedRun> {
  const [name = '', trial] = reference.split(':');
  if (trial === undefined) return Promise.resolve({ runId: name, place });
  const remedy = `give the run of trial ${trial}, as the study lists it`;
  const message = `${reference}: trials are not found by their numbers yet; ${remedy}`;
  return Promise.reject(new WeftError('precondition-failed', message));
}
