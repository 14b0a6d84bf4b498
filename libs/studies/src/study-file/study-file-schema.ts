import type { JsonSchema } from '../shape/shape.ts';
import type { StudyVocabulary } from './setting-shape.ts';
import { studyShape } from './study-shape.ts';

/**
 * The JSON Schema (draft 7) of a study file, for editors: the same shapes that read it, written down. It accepts what may be well
 * formed; what parts mean together, the reader alone checks.
 */
export function studyFileSchema(vocabulary: StudyVocabulary): JsonSchema {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'A study file of Weft',
    ...studyShape(vocabulary).schema,
  };
}
