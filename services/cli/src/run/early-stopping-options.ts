/** When a run ends before its last epoch, as options. */
import { monitors, WeftError, type EarlyStopping, type Monitor } from '@weft/core';
import { choiceOption, integerOption, numberOption } from '@weft/options';

const section = 'Early stopping';
const defaultPatience = 3;

export const earlyStoppingOptions = {
  earlyStopping: choiceOption({
    summary: 'Ends the run when this has not improved for so many epochs.',
    choices: monitors,
    section,
  }),
  patience: integerOption({
    summary: `So many epochs; default ${String(defaultPatience)}.`,
    min: 1,
    max: 1_000_000,
    section,
  }),
  minDelta: numberOption({ summary: 'Only a change by more than this improves it; default 0.', min: 0, section }),
} as const;

/** What `earlyStoppingOptions` are read as. */
export interface EarlyStoppingValues {
  readonly earlyStopping: Monitor | undefined;
  readonly patience: number | undefined;
  readonly minDelta: number | undefined;
}

/** The rule that the values ask for. Throws 'invalid-argument' for parts of a rule without the rule. */
export function chooseEarlyStopping(values: EarlyStoppingValues): EarlyStopping | undefined {
  const { earlyStopping: monitor, patience, minDelta } = values;
  if (monitor !== undefined) return { monitor, patience: patience ?? defaultPatience, minDelta: minDelta ?? 0 };
  const parts = Object.entries({ '--patience': patience, '--min-delta': minDelta }).filter(
    ([, value]) => value !== undefined,
  );
  if (parts.length === 0) return undefined;
  const problems = parts.map(([name, value]) => `${name}: ${String(value)} needs --early-stopping`);
  throw new WeftError('invalid-argument', problems.join('\n'));
}
