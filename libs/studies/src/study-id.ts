/** What a study may be called: names of its runs are made from its own, and must be ids of runs. */
import { idRule, isId } from '@weft/core';

const maxLength = 54;

/** What the id of a study must look like, for messages. */
export const studyIdRule: string = idRule.replace('1 to 64', `1 to ${String(maxLength)}`);

/** Whether `text` can be the id of a study (see `studyIdRule`). */
export function isStudyId(text: string): boolean {
  return isId(text) && text.length <= maxLength;
}
