import type { StudyFile } from './study-file.ts';
import type { StudyVocabulary } from './setting-shape.ts';
import { parseStudyFile } from './parse-study-file.ts';

export const vocabulary: StudyVocabulary = { models: ['initial-nn', 'simple-cnn', 'deep-cnn-bn'] };

/** The study of a text that has no problems. */
export function studyOf(text: string): StudyFile {
  const parsed = parseStudyFile(text, 'study.yaml', vocabulary);
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.study;
}

/** The problems of a text that has some. */
export function problemsIn(text: string): readonly string[] {
  const parsed = parseStudyFile(text, 'study.yaml', vocabulary);
  return parsed.ok ? [] : parsed.problems;
}
