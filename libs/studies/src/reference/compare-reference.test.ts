import { TrialState } from '@weft/wire';
import { expect, test } from 'vitest';
import { definitionIn } from '../definition/definition.fixture.ts';
import { settingValue } from '../definition/setting-value.ts';
import { trialConfiguration } from '../definition/trial-configuration.ts';
import { trialOf } from '../record/record.fixture.ts';
import { settings } from '../settings/settings.ts';
import { compareWithReference } from './compare-reference.ts';
import { fashionMnistTables } from './fashion-mnist.ts';

const [rates, , , architectures] = fashionMnistTables;

test('a table is filled from the studies that belong to it; cells are found by the value of its setting', () => {
  if (rates === undefined) throw new Error('there are four tables');
  const definition = {
    ...definitionIn('model: initial-nn\nspace: { learning-rate: [0.006, 1.62, 0.0219] }'),
    name: 'learning-rate',
  };
  const trials = [
    trialOf(0, { 'learning-rate': 0.006 }, { accuracy: 0.71 }),
    trialOf(1, { 'learning-rate': 1.62 }, { accuracy: 0.84 }),
    trialOf(2, { 'learning-rate': 0.0219 }, { accuracy: 0.7 }),
    trialOf(3, { 'learning-rate': 0.0008 }, { state: TrialState.RUNNING }),
  ];
  const other = { ...definition, name: 'batch-size' };
  const rows = compareWithReference(rates, [
    { definition: other, trials: [trialOf(0, { 'learning-rate': 0.0005 })] },
    { definition, trials },
  ]);
  expect(rows.map(({ row, verdict }) => [row.label, verdict])).toEqual([
    ['0.00015', 'missing'],
    ['0.00050', 'missing'],
    ['0.00080', 'missing'],
    ['0.00320', 'missing'],
    ['0.0060', 'within'],
    ['0.0219', 'outside'],
    ['1.620', 'not-compared'],
    ['4.617', 'missing'],
  ]);
  expect(rows[4]?.difference.validationAccuracy).toBeCloseTo(0.0072, 10);
  expect(rows[4]?.pytorchDifference).toBeCloseTo(0.013, 10);
  expect(rows[6]?.row.note).toContain('diverged');
});

test('a study that does not vary the setting fills the row of what it has', () => {
  if (architectures === undefined) throw new Error('there are four tables');
  const definition = { ...definitionIn('model: simple-cnn\nbudget: { epochs: 7 }'), name: 'architecture-cnn' };
  const rows = compareWithReference(architectures, [{ definition, trials: [trialOf(0, {}, { accuracy: 0.9 })] }]);
  expect(
    rows.flatMap(({ row, verdict, epochs }) => (verdict === 'missing' ? [] : [[row.value, verdict, epochs]])),
  ).toEqual([['simple-cnn', 'not-compared', 7]]);
  expect(rows[3]?.difference).toMatchObject({ testLoss: expect.closeTo(0.093, 6) as number });
});

test('every setting is found where a trial sets it', () => {
  const definition = definitionIn('model: initial-nn\nsettings: { early-stopping.patience: 3, schedule.decay: step }');
  for (const { name, values, target } of settings) {
    if (target.part === 'choice' || !settings.some((setting) => setting.name === name && setting.varies)) continue;
    const value = values.kind === 'flag' ? true : values.kind === 'choice' ? (values.choices[0] ?? '') : 1;
    const configuration = trialConfiguration(definition, new Map([[name, value]]), 1);
    expect([name, settingValue(configuration, name)]).toEqual([name, value]);
  }
});
