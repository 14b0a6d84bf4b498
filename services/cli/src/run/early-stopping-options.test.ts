import { expect, test } from 'vitest';
import { chooseEarlyStopping, type EarlyStoppingValues } from './early-stopping-options.ts';

const nothing: EarlyStoppingValues = { earlyStopping: undefined, patience: undefined, minDelta: undefined };

test.each<readonly [Partial<EarlyStoppingValues>, ReturnType<typeof chooseEarlyStopping>]>([
  [{}, undefined],
  [{ earlyStopping: 'loss' }, { monitor: 'loss', patience: 3, minDelta: 0 }],
  [
    { earlyStopping: 'accuracy', patience: 1, minDelta: 0.5 },
    { monitor: 'accuracy', patience: 1, minDelta: 0.5 },
  ],
])('%j says: %j', (values, rule) => {
  expect(chooseEarlyStopping({ ...nothing, ...values })).toEqual(rule);
});

test('parts of a rule without the rule are all named', () => {
  expect(() => chooseEarlyStopping({ ...nothing, patience: 4, minDelta: 0.1 })).toThrow(
    '--patience: 4 needs --early-stopping\n--min-delta: 0.1 needs --early-stopping',
  );
});
