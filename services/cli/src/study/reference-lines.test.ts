import {
  create,
  EpochResultSchema,
  RunConfigurationSchema,
  StudyDefinitionSchema,
  StudySchema,
  TrialSchema,
  TrialState,
} from '@weft/wire';
import { fashionMnistTables } from '@weft/studies';
import { expect, test } from 'vitest';
import type { EndedStudy } from './follow-studies.ts';
import { referenceLines } from './reference-lines.ts';
import { partsOfStudy, remarksOn, scales } from './reference-study.ts';
import { studyFigures } from './study-figures.ts';

/** One complete trial of an optimizer, with that accuracy. */
function optimizerStudy(optimizer: string, validationAccuracy: number, epochs: number): EndedStudy {
  const definition = create(StudyDefinitionSchema, {
    ...{ name: 'optimizer', objective: { metric: 'validation-accuracy', maximize: true } },
    base: create(RunConfigurationSchema, {
      optimizer: { name: optimizer },
      model: { name: 'm' },
      epochs,
      batchSize: 128,
    }),
  });
  const epoch = create(EpochResultSchema, { epoch: 1, validationAccuracy });
  const trial = create(TrialSchema, { state: TrialState.COMPLETE, value: validationAccuracy, epochs: [epoch] });
  return { study: studyFigures(create(StudySchema, { definition })), definition, trials: [trial], costs: undefined };
}

test('a table has a row for each of the reference, ours where there is one', () => {
  const table = fashionMnistTables[1];
  if (table === undefined) throw new Error('there are four tables');
  const studies = [optimizerStudy('adam', 0.8535, 5), optimizerStudy('sgd', 0.61, 3)];
  expect(referenceLines(table, studies)).toEqual([
    'Table 4.1: Optimizer (initial NN, batch 128, Keras defaults)',
    'optimizer  ours, val acc   study  PyTorch  verdict',
    '---------  -------------  ------  -------  -------------------------',
    'Adadelta               -  0.1528   0.1620  missing',
    'SGD               0.6100  0.7212   0.7220  outside (3 epochs, not 5)',
    'Adam              0.8535  0.8568   0.8520  within',
    'Nadam                  -  0.8560   0.8500  missing',
    'RMSprop                -  0.8532   0.8500  missing',
  ]);
});

test.each(scales)('at the scale %s there are files for each table, which name their studies', async (scale) => {
  const parts = await partsOfStudy(scale, []);
  expect(new Set(parts.map(({ table }) => table.number))).toEqual(new Set(['3.1', '4.1', '5.1', '6.1']));
  expect(parts.map(({ name }) => name).slice(0, 4)).toEqual([
    ...['learning-rate', 'optimizer', 'batch-size', 'architecture-convolutional'],
  ]);
  expect(remarksOn(scale, parts).length).toBe(scale === 'full' ? 2 : 3);
  const some = await partsOfStudy(scale, ['4.1']);
  expect(some.map(({ name }) => name)).toEqual(['optimizer']);
  expect(remarksOn(scale, some).length).toBe(1);
});
