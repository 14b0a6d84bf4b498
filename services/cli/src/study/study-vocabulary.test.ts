import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataSetNames } from '@weft/data';
import { batchNormalizations, lossNames, optimizerDefaults, optimizerNames } from '@weft/engine';
import { parseStudyFile, settings, studyFileSchema } from '@weft/studies';
import Ajv from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { studyVocabulary } from './study-source.ts';

const repository = (path: string): string => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const schema = studyFileSchema(studyVocabulary);
const isStudy = new Ajv().compile(schema);

const choicesOf = (name: string): readonly string[] => {
  const values = settings.find((setting) => setting.name === name)?.values;
  return values?.kind === 'choice' ? values.choices : [];
};

test('the vocabulary of studies is what the engine computes', () => {
  expect([...choicesOf('optimizer')].sort()).toEqual([...optimizerNames].sort());
  expect(choicesOf('loss')).toEqual(lossNames);
  expect(choicesOf('batch-normalization')).toEqual(batchNormalizations);
  const properties = schema['properties'] as Record<string, { anyOf: { enum: string[] }[] }>;
  expect(properties['data-set']?.anyOf[0]?.enum).toEqual(dataSetNames);
  for (const name of optimizerNames) {
    const own = settings.flatMap(({ target, needs }) => {
      if (target.part !== 'optimizer-setting') return [];
      return needs?.values?.includes(name) === false ? [] : [target.field];
    });
    const engine = Object.keys(optimizerDefaults[name]).filter((key) => key !== 'name');
    expect([name, own.sort()]).toEqual([name, engine.sort()]);
  }
});

test('the published schema is that of the reader; `weft sweep schema` prints it', () => {
  const published: unknown = JSON.parse(readFileSync(repository('docs/study-file.schema.json'), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(schema)));
});

const files = readdirSync(repository('studies'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

test.each(files)('studies/%s is one for the reader and for the schema', (name) => {
  const text = readFileSync(join(repository('studies'), name), 'utf8');
  expect(parseStudyFile(text, name, studyVocabulary)).toMatchObject({ ok: true });
  expect(isStudy(parse(text)), JSON.stringify(isStudy.errors)).toBe(true);
});

const head = 'name: s\ndata-set: fashion-mnist\nmodel: initial-nn\n';

test.each([
  ['seeds: 0'],
  ['seeds: [1.5]'],
  ['sampler: gird'],
  ['pruner: { settings: {} }'],
  ['trainers-per-trial: many'],
  ['budget: { wall-time: 10 }'],
  ['settings: { learning-rate: 0 }'],
  ['settings: { learnin-rate: 1 }'],
  ['space: { momentum: { values: [1] } }'],
  ['space: { learning-rate: [] }'],
  ['space: { learning-rate: { low: 1, when: { a: 1 } } }'],
  ['objective: { direction: minimize }'],
  ['unknown: 1'],
])('both refuse %s', (line) => {
  const text = `${head}${line}\n`;
  expect(parseStudyFile(text, 's', studyVocabulary).ok).toBe(false);
  expect(isStudy(parse(text))).toBe(false);
});

test.each([
  ['seeds: [3, 4]'],
  ['sampler: { name: tpe, settings: { startup: 3 } }\nbudget: { trials: 3, wall-time: 90s }'],
  ['pruner: none'],
  ['trainers-per-trial: auto'],
  ['trainers-per-trial: { min: 1, max: 2 }'],
  ['settings: { learning-rate: 1, clip-norm: 0.5, schedule.decay: cosine }'],
  ['space: { batch-size: [32, 64], optimizer: [sgd, adam], momentum: { values: [0.9], when: { optimizer: sgd } } }'],
  ['objective: { metric: loss, direction: minimize, epoch: best }'],
])('both accept %s', (line) => {
  const text = `${head}${line}\n`;
  expect(parseStudyFile(text, 's', studyVocabulary)).toMatchObject({ ok: true });
  expect(isStudy(parse(text)), JSON.stringify(isStudy.errors)).toBe(true);
});

const page = readFileSync(repository('docs/study-file.md'), 'utf8');

test('the page has every setting with its rule, and its example and message are real', () => {
  const vocabularyRows = page.slice(page.indexOf('## Settings')).split('\n');
  for (const { name, summary } of settings) {
    const row = vocabularyRows.find((line) => line.startsWith(`| \`${name}\` `));
    expect([name, row?.includes(summary)]).toEqual([name, true]);
  }
  const example = /```yaml\n([^`]*)```/.exec(page)?.[1] ?? '';
  expect(parseStudyFile(example, 'optimizers.yaml', studyVocabulary)).toMatchObject({ ok: true });
  const broken = parseStudyFile(example.replace(', when: { optimizer: sgd }', ''), 'optimizers.yaml', studyVocabulary);
  const message = page.split('\n').find((line) => line.startsWith('optimizers.yaml:'));
  expect(broken).toEqual({ ok: false, problems: [message] });
});
