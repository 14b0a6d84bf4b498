import { existsSync } from 'node:fs';
import { isId } from '@weft/core';
import type { RecordPlace } from '../archive/find-recorded-run.ts';
import type { CommandContext } from '../context.ts';
import { runFolder } from '../run-folder/run-folder.ts';
import { stateDirectory } from '../run-folder/state-directory.ts';
import { isStudy, runOfStudy } from '../study/study-run.ts';

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
 * The run that `reference` means, where `place` says to look: of a study its best trial's, of a trial its own. A name that is both is
 * a run's. Throws what `runOfStudy` throws.
 */
export async function runOfReference(
  reference: string,
  place: RecordPlace,
  context: CommandContext,
): Promise<PlacedRun> {
  const [name = '', trial] = reference.split(':');
  if (trial !== undefined) return runOfStudy(name, Number(trial), place, context);
  const known =
    place.coordinator === undefined && existsSync(runFolder(stateDirectory(place.stateDir, context), name).path);
  return !known && (await isStudy(name, place, context))
    ? runOfStudy(name, undefined, place, context)
    : { runId: name, place };
}
