/** From the text of a study file to a study, or to everything that is wrong with it at once, each with its line and column. */
import { describeError } from '@weft/core';
import { isMap, LineCounter, parseDocument, type Document } from 'yaml';
import { placeOf, Problems, type Place } from '../shape/place.ts';
import { entriesOf } from '../shape/structure-shape.ts';
import { composeStudy } from './compose-study.ts';
import type { StudyVocabulary } from './setting-shape.ts';
import { problemsOfFile } from './study-checks.ts';
import type { StudyFile } from './study-file.ts';
import { studyShape } from './study-shape.ts';

/** Longest text that is read; an alias cannot make more of it, since each value is read where a value may stand. */
const maxCharacters = 256 * 1024;

/** What `parseStudyFile` found. */
export type ParsedStudyFile =
  | { readonly ok: true; readonly study: StudyFile }
  /** In the order of lines: `study.yaml:3:7: seeds: 0 must be an integer from 1 to 1000`. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads YAML 1.2 (and so JSON). `file` names the text in problems. Never throws for what a text can contain. */
export function parseStudyFile(text: string, file: string, vocabulary: StudyVocabulary): ParsedStudyFile {
  if (text.length > maxCharacters) {
    const rule = `must be at most ${String(maxCharacters)} characters`;
    return { ok: false, problems: [`${file}:1:1: ${String(text.length)} characters ${rule}`] };
  }
  const lineCounter = new LineCounter();
  let document: Document.Parsed;
  try {
    // Duplicate keys are ours to report: with the key and the line of the first.
    document = parseDocument(text, { lineCounter, uniqueKeys: false, prettyErrors: false, stringKeys: false });
  } catch (thrown) {
    return { ok: false, problems: [`${file}:1:1: is not YAML: ${describeError(thrown)}`] };
  }
  const problems = new Problems(file, lineCounter, document);
  for (const { message, pos } of [...document.errors, ...document.warnings]) {
    problems.add({ path: '', offset: pos[0] }, message);
  }
  if (problems.count > 0) return { ok: false, problems: problems.lines };
  const root = placeOf(document, document.contents, '', 0);
  const read = studyShape(vocabulary).read(root, problems);
  if (read === undefined) return { ok: false, problems: problems.lines };
  const study = composeStudy(read);
  for (const { at, text: problem } of problemsOfFile(read, study)) {
    problems.add({ path: at.join('.'), offset: locate(root, at, problems).offset }, problem);
  }
  return problems.count === 0 ? { ok: true, study } : { ok: false, problems: problems.lines };
}

/** The place that the keys lead to, as far as they lead. */
function locate(root: Place, keys: readonly string[], problems: Problems): Place {
  let place = root;
  for (const key of keys) {
    const next = isMap(place.node) ? entriesOf(place, problems, '')?.get(key) : undefined;
    if (next === undefined) break;
    place = next;
  }
  return place;
}
