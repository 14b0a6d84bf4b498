import { create, DataSetSchema, OptimizerSchema, type StudyDefinition } from '@weft/wire';
import { studyOf } from '../study-file/study.fixture.ts';
import { definitionOf, executionOf, type StudyResources } from './definition-of-file.ts';

/** Models that give other than ten values. */
const outputsOf: Readonly<Record<string, number>> = { binary: 1 };

/** What the files of these tests name: two optimizers, and models of any name. */
function resourcesOf(models: readonly string[]): StudyResources {
  const defaults: Record<string, Record<string, number>> = {
    sgd: { momentum: 0, nesterov: 0, weightDecay: 0, globalClipNorm: 0 },
    adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, amsgrad: 0, weightDecay: 0, globalClipNorm: 0 },
  };
  return {
    dataSet: create(DataSetSchema, {
      ...{ name: 'fashion-mnist', identity: 'sha256:0', validationSplit: 0.1 },
      ...{ trainExamples: 54_000, validationExamples: 6_000, testExamples: 10_000 },
      ...{ exampleSize: 784, classes: 10 },
    }),
    models: models.map((file) => {
      const name = file.replace('.json', '');
      return {
        name,
        topologyJson: `{"model":"${file}"}`,
        inputShape: [28, 28, 1],
        outputShape: [outputsOf[name] ?? 10],
      };
    }),
    optimizer: (name) =>
      create(OptimizerSchema, { name, learningRate: name === 'sgd' ? 0.01 : 0.001, settings: defaults[name] ?? {} }),
  };
}

const head = 'name: s\ndata-set: fashion-mnist\n';

/** The definition of the rest of a study file. */
export function definitionIn(text: string): StudyDefinition {
  const study = studyOf(`${head}${text}`);
  return definitionOf(study, resourcesOf(study.models));
}

/** The execution of the rest of a study file. */
export function executionIn(text: string): ReturnType<typeof executionOf> {
  return executionOf(studyOf(`${head}${text}`));
}
