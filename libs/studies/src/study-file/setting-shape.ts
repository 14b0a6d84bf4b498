/** The shape of a setting's value, from the vocabulary. */
import type { ParameterValue } from '@weft/tuning';
import type { Setting } from '../settings/setting.ts';
import { choiceShape, didYouMean, flagShape, integerShape, numberShape, scalarShape } from '../shape/shape.ts';
import type { Shape } from '../shape/shape.ts';

/** What a study file can name that this package does not know. */
export interface StudyVocabulary {
  /** Names of registered architectures. */
  readonly models: readonly string[];
}

const modelPath = '\\.json$';

/** A model: a registered name, or a path that ends in `.json`. */
export function modelShape({ models }: StudyVocabulary): Shape<string> {
  return scalarShape(
    `one of ${models.join(', ')}, or the path of a model.json`,
    { anyOf: [{ enum: models }, { type: 'string', pattern: modelPath }] },
    (value) => (typeof value === 'string' && (models.includes(value) || value.endsWith('.json')) ? value : undefined),
    (value) => didYouMean(value, models),
  );
}

/** One value of a setting. */
export function settingShape({ values }: Setting, vocabulary: StudyVocabulary): Shape<ParameterValue> {
  switch (values.kind) {
    case 'float':
      return numberShape(values);
    case 'int':
      return integerShape(values);
    case 'flag':
      return flagShape();
    case 'choice':
      return choiceShape(values.choices);
    case 'model':
      return modelShape(vocabulary);
  }
}
