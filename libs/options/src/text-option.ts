import { nearestName } from '@weft/core';
import { optionOf, type MaybeSettled, type Option, type OptionSettings, type Reading, type Settled } from './option.ts';

/** The rule of a text that may be anything. */
export const plainTextRule: string = 'a non-empty text';

/** What `stringOption` takes beside what every builder does. */
export interface TextSettings extends OptionSettings {
  /** Which texts are accepted, and how a message calls them. */
  readonly accept?: { readonly test: (text: string) => boolean; readonly rule: string };
}

/** Any text that is not empty, or only those that `accept` admits. */
export function stringOption(settings: TextSettings & Settled<string>): Option<string>;
export function stringOption(settings: TextSettings): Option<string | undefined>;
export function stringOption(settings: TextSettings & MaybeSettled<string>): Option<string> {
  const rule = settings.accept?.rule ?? plainTextRule;
  const read = (text: string): Reading<string> => {
    const accepted = text !== '' && (settings.accept?.test(text) ?? true);
    return accepted ? { ok: true, value: text } : { ok: false, rule };
  };
  return optionOf('value', 'TEXT', rule, settings, read);
}

/** One name of a closed list. A name outside it is answered with the nearest one. */
export function choiceOption<T extends string>(
  settings: OptionSettings & { readonly choices: readonly T[] } & Settled<NoInfer<T>>,
): Option<T>;
export function choiceOption<T extends string>(
  settings: OptionSettings & { readonly choices: readonly T[] },
): Option<T | undefined>;
export function choiceOption<T extends string>(
  settings: OptionSettings & { readonly choices: readonly T[] } & MaybeSettled<T>,
): Option<T> {
  const { choices } = settings;
  const rule = `one of ${choices.join(', ')}`;
  const read = (text: string): Reading<T> => {
    const value = choices.find((choice) => choice === text);
    if (value !== undefined) return { ok: true, value };
    const nearest = nearestName(text, choices);
    return { ok: false, rule: nearest === undefined ? rule : `${rule} (did you mean ${nearest}?)` };
  };
  return optionOf('value', 'NAME', rule, settings, read);
}
