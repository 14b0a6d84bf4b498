import { isDeepStrictEqual } from 'node:util';
import { StudyDefinitionSchema, toJson, type StudyDefinition } from '@weft/wire';

/** What fields of a definition, or of what its trials have in common, are called in a study file. */
const keys: Readonly<Record<string, string>> = {
  dataSet: 'data-set',
  epochs: 'budget.epochs',
  maxCells: 'budget.trials',
  parameters: 'space',
  trialSeeds: 'seeds',
  ...{ optimizer: 'settings', optimizers: 'settings', batchSize: 'settings', chunkSize: 'settings' },
  ...{ schedule: 'settings', earlyStopping: 'settings', scaleLearningRate: 'settings' },
};

/** Where two definitions differ, by the keys of a study file, each once; nowhere if they are of one study. */
export function definitionDifferences(a: StudyDefinition, b: StudyDefinition): string[] {
  const [first, second] = [fieldsOf(a), fieldsOf(b)];
  const names = [...new Set([...Object.keys(first), ...Object.keys(second)])];
  const different = names.filter((name) => !isDeepStrictEqual(first[name], second[name]));
  return [...new Set(different.map((name) => keys[name] ?? name))].sort();
}

/** As a coordinator keeps it: a text knows no order of keys, and no sign of zero. */
function fieldsOf(definition: StudyDefinition): Record<string, unknown> {
  const text = JSON.stringify(toJson(StudyDefinitionSchema, definition));
  const { base, ...own } = JSON.parse(text) as Record<string, unknown> & { base?: Record<string, unknown> };
  return { ...base, ...own };
}
