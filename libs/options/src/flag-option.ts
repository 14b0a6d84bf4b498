import { optionOf, type Option, type OptionSettings, type Reading } from './option.ts';

const words = new Map([
  ['true', true],
  ['yes', true],
  ['on', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['off', false],
  ['0', false],
]);

/** True with `--name`, false with `--no-name`; left out, the default (false unless given). */
export function flagOption(settings: OptionSettings & { readonly default?: boolean }): Option<boolean> {
  const rule = 'true or false';
  const read = (text: string): Reading<boolean> => {
    const value = words.get(text.toLowerCase());
    return value === undefined ? { ok: false, rule } : { ok: true, value };
  };
  return optionOf('flag', '', rule, { ...settings, default: settings.default ?? false }, read);
}
