import { expect, test } from 'vitest';
import { studyReportInput } from '../study-report.fixture.ts';
import { studyJson } from './study-json.ts';

const input = studyReportInput();

test('studies, epochs, settings and pixels come back from the file', () => {
  const parsed: unknown = JSON.parse(studyJson(input));
  const [study] = input.studies;
  const [trial] = study?.trials ?? [];
  expect(parsed).toMatchObject({
    format: 'weft-study-report/1',
    dataSet: input.dataSet,
    studies: input.studies.map(({ studyId, counts, costs, space, trials }) => ({
      ...{ studyId, counts, costs, space },
      trials: trials.map((each) => ({
        ...{ trial: each.trial, seed: each.seed, state: each.state, configurationDigest: each.configurationDigest },
        settings: Object.fromEntries(each.settings),
        epochs: {
          loss: each.epochs.map(({ loss }) => loss),
          validationAccuracy: each.epochs.map(({ validationAccuracy }) => validationAccuracy),
          trainers: each.epochs.map(({ trainers }) => trainers),
        },
      })),
    })),
    best: {
      wrongImages: input.best?.wrongImages.map(({ pixels }) => ({ pixels: Buffer.from(pixels).toString('base64') })),
    },
  });
  expect(trial?.epochs.length).toBeGreaterThan(0);
});

test('comparisons stand beside their rows', () => {
  const parsed: unknown = JSON.parse(studyJson(input));
  expect(parsed).toMatchObject({
    references: {
      0: {
        title: 'Table 3.1, Learning rate (initial NN, SGD, batch 128)',
        rows: {
          1: {
            label: '0.00050',
            judgement: 'differs',
            differsFrom: ['study'],
            values: [0.2135, 0.362],
            runs: ['run-1'],
          },
        },
      },
    },
  });
});

test('numbers that JSON has no word for are words', () => {
  const json = studyJson({ ...input, makespanSeconds: Number.NaN });
  expect(JSON.parse(json)).toMatchObject({ makespanSeconds: 'NaN' });
  expect(JSON.parse(studyJson({ ...input, makespanSeconds: Number.NEGATIVE_INFINITY }))).toMatchObject({
    makespanSeconds: '-Infinity',
  });
});
