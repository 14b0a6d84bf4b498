import { isId, WeftError } from '@weft/core';

/** What `weft export` and `weft predict` take for a trained model that is not a file. */
export const modelReferenceRule = 'the name of a run or a study, or STUDY:TRIAL';

/** Whether `text` can be a reference: `RUN`, `STUDY` or `STUDY:TRIAL`. */
export function isModelReference(text: string): boolean {
  const [name = '', trial, ...rest] = text.split(':');
  return isId(name) && (trial === undefined || /^\d{1,9}$/.test(trial)) && rest.length === 0;
}

/**
 * The run that `reference` means: the seam where studies choose theirs. Throws 'precondition-failed' for a trial, which nobody
 * resolves yet.
 */
export function runOfReference(reference: string): string {
  const [name = '', trial] = reference.split(':');
  if (trial === undefined) return name;
  throw new WeftError(
    'precondition-failed',
    `${reference}: trials are not found by their numbers yet; give the run of trial ${trial}, as the study lists it`,
  );
}
